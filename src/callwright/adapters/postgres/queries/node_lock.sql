-- Whoever begins, renews or resigns does so alone.
SELECT last_epoch FROM node_epoch FOR UPDATE
