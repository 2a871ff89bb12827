SELECT service_id, account_id, name, configuration FROM service WHERE service_id = :service_id
