-- Messaging targets beside those of a user's own e-mail address and phone number.

-- +goose Up
CREATE TABLE targets (
  project_id  TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  user_id     TEXT   NOT NULL,
  kind        TEXT   NOT NULL, -- email, sms or push
  name        TEXT   NOT NULL,
  identifier  TEXT   NOT NULL, -- the address, the number, or the token of a device
  provider_id TEXT,            -- NULL: none
  session_id  TEXT,            -- of the session that a device was added by, with which it ends; NULL: none
  created_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL,
  seq         BIGINT NOT NULL, -- 2, 3, ... of the user: the e-mail address's is 0, the phone's 1
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, kind, identifier),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);
CREATE INDEX targets_of_user ON targets (project_id, user_id, seq);
CREATE INDEX users_by_email_target ON users (project_id, email_target_id);
CREATE INDEX users_by_phone_target ON users (project_id, phone_target_id);

-- The same rows as JSON, so that a user is read by one statement.
ALTER TABLE users ADD COLUMN targets TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE users DROP COLUMN targets;
DROP INDEX users_by_phone_target;
DROP INDEX users_by_email_target;
DROP TABLE targets;
