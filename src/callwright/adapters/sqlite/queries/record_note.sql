INSERT INTO secondary_note (instance_id, call_id, kind, fact)
SELECT :instance_id, :call_id, :kind, :fact
-- A note that comes after the record is of no use to anybody.
WHERE NOT EXISTS (SELECT 1 FROM adr WHERE instance_id = :instance_id)
ON CONFLICT (instance_id, call_id, kind) DO NOTHING
