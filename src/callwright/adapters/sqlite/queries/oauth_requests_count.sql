INSERT INTO client_requests (account_id, began_at, requests)
VALUES (:account_id, :at, :requests)
ON CONFLICT (account_id) DO UPDATE SET
    began_at = CASE
        WHEN client_requests.began_at <= :over_before THEN excluded.began_at
        ELSE client_requests.began_at
    END,
    requests = CASE
        WHEN client_requests.began_at <= :over_before THEN excluded.requests
        ELSE client_requests.requests + excluded.requests
    END
RETURNING began_at, requests
