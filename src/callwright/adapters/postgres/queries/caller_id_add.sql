INSERT INTO caller_id (account_id, number, validated_at) VALUES (:account_id, :number, :at)
ON CONFLICT (account_id, number) DO NOTHING
