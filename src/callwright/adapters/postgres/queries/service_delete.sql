-- The row stays, since starts point at it; without a configuration it is no service any more.
UPDATE service SET configuration = NULL WHERE service_id = :service_id
