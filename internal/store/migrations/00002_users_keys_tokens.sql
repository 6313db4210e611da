-- What a server with API keys can do to users: phones, one-time tokens, and
-- the order in which users were made.

-- +goose Up
ALTER TABLE users ADD COLUMN seq BIGINT NOT NULL DEFAULT 0; -- 1, 2, ... within the project
ALTER TABLE users ADD COLUMN phone TEXT;                    -- E.164; NULL: none
ALTER TABLE users ADD COLUMN phone_verified BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN phone_target_id TEXT;          -- id of the messaging target of phone
-- When the messaging targets were made and last changed.
ALTER TABLE users ADD COLUMN email_target_created_at BIGINT;
ALTER TABLE users ADD COLUMN email_target_updated_at BIGINT;
ALTER TABLE users ADD COLUMN phone_target_created_at BIGINT;
ALTER TABLE users ADD COLUMN phone_target_updated_at BIGINT;

UPDATE users SET email_target_created_at = created_at, email_target_updated_at = created_at
  WHERE email_target_id IS NOT NULL;
UPDATE users SET seq = numbered.seq FROM (
  SELECT project_id, id, ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY created_at, id) AS seq FROM users
) AS numbered WHERE numbered.project_id = users.project_id AND numbered.id = users.id;

CREATE UNIQUE INDEX users_by_phone ON users (project_id, phone);
CREATE UNIQUE INDEX users_by_seq ON users (project_id, seq);

CREATE TABLE api_keys (
  project_id  TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  id          TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  secret_hash TEXT   NOT NULL, -- SHA-256 of the key, hex; the key itself is kept nowhere
  scopes      TEXT   NOT NULL, -- JSON list of strings
  expires_at  BIGINT,          -- NULL: never
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, secret_hash)
);

-- One row for each one-time token that may still be traded for a session.
CREATE TABLE tokens (
  project_id  TEXT   NOT NULL,
  user_id     TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  secret_hash TEXT   NOT NULL, -- SHA-256 of the secret, hex
  expires_at  BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id, id),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE tokens;
DROP TABLE api_keys;
DROP INDEX users_by_seq;
DROP INDEX users_by_phone;
ALTER TABLE users DROP COLUMN phone_target_updated_at;
ALTER TABLE users DROP COLUMN phone_target_created_at;
ALTER TABLE users DROP COLUMN email_target_updated_at;
ALTER TABLE users DROP COLUMN email_target_created_at;
ALTER TABLE users DROP COLUMN phone_target_id;
ALTER TABLE users DROP COLUMN phone_verified;
ALTER TABLE users DROP COLUMN phone;
ALTER TABLE users DROP COLUMN seq;
