-- Claimed starts ended or were given back. In ascending order, so that nobody waits in a circle.
UPDATE account_progress SET in_progress = account_progress.in_progress - ended.count
FROM (
    SELECT account_id, asked.count FROM account_progress
    JOIN unnest(:account_ids::bigint[], :counts::integer[]) AS asked (account_id, count)
    USING (account_id)
    ORDER BY account_id FOR UPDATE OF account_progress
) AS ended
WHERE account_progress.account_id = ended.account_id
