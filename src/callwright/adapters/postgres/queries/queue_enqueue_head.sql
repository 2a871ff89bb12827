-- With a service's first start its head begins.
INSERT INTO queue_head (service_id) SELECT * FROM unnest(:service_ids::bigint[])
ON CONFLICT (service_id) DO NOTHING
