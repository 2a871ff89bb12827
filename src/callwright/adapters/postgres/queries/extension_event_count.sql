SELECT count(*) FROM extension_event WHERE extension_id = :extension_id
