-- Second factors. The secret of an authenticator and the recovery codes are here
-- as they are, as the keys are that sign JWTs: one computes codes with the first,
-- and Appwrite's API reads the others back. What protects them is what protects
-- the database.

-- +goose Up
CREATE TABLE authenticators (
  project_id TEXT   NOT NULL,
  user_id    TEXT   NOT NULL,
  secret     TEXT   NOT NULL,           -- of TOTP (RFC 6238), base32 without padding
  verified   BIGINT NOT NULL DEFAULT 0, -- 1: the user has shown a code of it
  last_step  BIGINT NOT NULL DEFAULT 0, -- the time step of the last code that was taken; codes up to it are refused
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);

-- One row for each recovery code that has not been used.
CREATE TABLE recovery_codes (
  project_id TEXT   NOT NULL,
  user_id    TEXT   NOT NULL,
  seq        BIGINT NOT NULL, -- 1, 2, ... as they were shown
  code       TEXT   NOT NULL,
  PRIMARY KEY (project_id, user_id, seq),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);

-- One row for each challenge that may still be answered.
CREATE TABLE challenges (
  project_id TEXT   NOT NULL,
  user_id    TEXT   NOT NULL,
  id         TEXT   NOT NULL,
  factor     TEXT   NOT NULL,            -- Factor
  code_hash  TEXT   NOT NULL DEFAULT '', -- SHA-256 of the id and the code that was sent, hex; '': none was
  address    TEXT   NOT NULL DEFAULT '', -- the e-mail address or phone number it was sent to
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id, id),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE challenges;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
