INSERT INTO err (instance_id, number, code, text)
SELECT * FROM unnest(
    :instance_ids::text[], :numbers::integer[], :codes::text[], :texts::text[]
)
