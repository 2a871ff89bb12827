INSERT INTO oauth_application (
    key, secret_hash, account_id, name, grants, redirect_uri, may_schedule
)
VALUES (:key, :secret_hash, :account_id, :name, :grants, :redirect_uri, :may_schedule)
