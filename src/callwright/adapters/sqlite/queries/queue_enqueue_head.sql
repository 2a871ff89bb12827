-- With a service's first start its head begins.
INSERT INTO queue_head (service_id) VALUES (:service_id) ON CONFLICT (service_id) DO NOTHING
