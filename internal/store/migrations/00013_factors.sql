-- What tokens are for, second factors, older passwords, and sessions by other
-- providers.

-- +goose Up
ALTER TABLE tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'token';    -- TokenKind
ALTER TABLE tokens ADD COLUMN address TEXT NOT NULL DEFAULT '';      -- the e-mail address or phone number it was sent to; '': none

ALTER TABLE sessions ADD COLUMN mfa_at BIGINT;                       -- when a factor was last shown beside the first; NULL: never
ALTER TABLE sessions ADD COLUMN provider_access_token TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN provider_token_expires_at BIGINT;    -- NULL: unknown, or no token
ALTER TABLE sessions ADD COLUMN provider_refresh_token TEXT NOT NULL DEFAULT '';

ALTER TABLE users ADD COLUMN mfa BIGINT NOT NULL DEFAULT 0;          -- 1: a second factor is asked for, where the user has one
ALTER TABLE users ADD COLUMN impersonator BIGINT NOT NULL DEFAULT 0; -- 1: the user may act as others

ALTER TABLE users ADD COLUMN password_history TEXT NOT NULL DEFAULT '[]'; -- JSON list of the hashes before password, the latest first

-- +goose Down
ALTER TABLE users DROP COLUMN password_history;
ALTER TABLE users DROP COLUMN impersonator;
ALTER TABLE users DROP COLUMN mfa;
ALTER TABLE sessions DROP COLUMN provider_refresh_token;
ALTER TABLE sessions DROP COLUMN provider_token_expires_at;
ALTER TABLE sessions DROP COLUMN provider_access_token;
ALTER TABLE sessions DROP COLUMN mfa_at;
ALTER TABLE tokens DROP COLUMN address;
ALTER TABLE tokens DROP COLUMN kind;
