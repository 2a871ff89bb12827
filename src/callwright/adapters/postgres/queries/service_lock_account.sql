-- Held until the commit: what an account's services guarantee together is judged by one at a time.
SELECT account_id FROM account WHERE account_id = :account_id FOR NO KEY UPDATE
