-- Claimed by a process that died before it wrote an intent: provably not dialled.
SELECT ref FROM call_start WHERE state = 'running' AND instance_id IS NULL
