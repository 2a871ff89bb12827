-- The last start that a purge of this account's service is about.
SELECT tail_seq FROM queue_tail JOIN service USING (service_id)
WHERE queue_tail.service_id = :service_id AND service.account_id = :account_id
