-- What a person allowed a program, until the program has a token for it.
CREATE TABLE oauth_code (
    code_hash        BLOB    PRIMARY KEY,
    account_id       INTEGER NOT NULL REFERENCES account,
    application_key  TEXT    NOT NULL REFERENCES oauth_application ON DELETE CASCADE,
    -- As it was asked with; empty if it was left out.
    redirect_uri     TEXT    NOT NULL,
    -- S256 of RFC 7636; empty for none.
    challenge        TEXT    NOT NULL,
    expires_at       REAL    NOT NULL,
    is_spent         INTEGER NOT NULL DEFAULT 0 CHECK (is_spent IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_code_application ON oauth_code (application_key);
CREATE INDEX oauth_code_expires ON oauth_code (expires_at);

-- For which code a token was given: they go together when the code comes again.
ALTER TABLE oauth_token ADD COLUMN code_hash BLOB;
CREATE INDEX oauth_token_code ON oauth_token (code_hash) WHERE code_hash IS NOT NULL;
