-- Times are unix milliseconds. Ids and e-mail addresses are unique within a
-- project only: projects share nothing.

-- +goose Up
CREATE TABLE projects (
  id         TEXT   NOT NULL PRIMARY KEY, -- lower case
  jwt_key    TEXT   NOT NULL,             -- HS256 key of the project's JWTs, hex
  created_at BIGINT NOT NULL
);

CREATE TABLE users (
  project_id      TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  id              TEXT   NOT NULL,
  email           TEXT,                       -- lower case; NULL: anonymous
  name            TEXT   NOT NULL,
  password        TEXT,                       -- PHC string; NULL: never set
  password_at     BIGINT,                     -- when the password was last set
  blocked         BIGINT NOT NULL DEFAULT 0,  -- 1: status false
  email_verified  BIGINT NOT NULL DEFAULT 0,
  labels          TEXT   NOT NULL DEFAULT '[]', -- JSON list of strings
  prefs           TEXT   NOT NULL DEFAULT '{}', -- JSON object
  email_target_id TEXT,                       -- id of the messaging target of email
  registered_at   BIGINT NOT NULL,
  accessed_at     BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, email)
);

CREATE TABLE sessions (
  project_id   TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  user_id      TEXT   NOT NULL,
  secret_hash  TEXT   NOT NULL, -- SHA-256 of the secret, hex; the secret itself is kept nowhere
  provider     TEXT   NOT NULL, -- email, anonymous, ...
  provider_uid TEXT   NOT NULL,
  factors      TEXT   NOT NULL, -- JSON list of strings
  ip           TEXT   NOT NULL,
  expires_at   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, secret_hash),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_user ON sessions (project_id, user_id, created_at);

-- One row for each JWT a user made that may still count against the limit.
CREATE TABLE jwt_creations (
  project_id TEXT   NOT NULL,
  user_id    TEXT   NOT NULL,
  id         TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id, id),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE jwt_creations;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE projects;
