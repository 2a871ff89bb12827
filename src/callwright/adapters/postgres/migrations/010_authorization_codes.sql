-- What a person allowed a program, until the program has a token for it.
CREATE TABLE oauth_code (
    code_hash        bytea PRIMARY KEY,
    account_id       bigint NOT NULL REFERENCES account,
    application_key  text COLLATE "C" NOT NULL REFERENCES oauth_application ON DELETE CASCADE,
    -- As it was asked with; empty if it was left out.
    redirect_uri     text NOT NULL,
    -- S256 of RFC 7636; empty for none.
    challenge        text NOT NULL,
    expires_at       double precision NOT NULL,
    is_spent         boolean NOT NULL DEFAULT false
);
CREATE INDEX oauth_code_application ON oauth_code (application_key);
CREATE INDEX oauth_code_expires ON oauth_code (expires_at);

-- For which code a token was given: they go together when the code comes again.
ALTER TABLE oauth_token ADD COLUMN code_hash bytea;
CREATE INDEX oauth_token_code ON oauth_token (code_hash) WHERE code_hash IS NOT NULL;
