-- What users are at providers of OAuth 2, and sign-ins there that are under way.

-- +goose Up
CREATE TABLE identities (
  project_id       TEXT   NOT NULL,
  id               TEXT   NOT NULL,
  user_id          TEXT   NOT NULL,
  seq              BIGINT NOT NULL,            -- 1, 2, ... of the project
  provider         TEXT   NOT NULL,            -- its name in the project
  issuer           TEXT   NOT NULL,            -- who says the uid: a name can come to mean another
  provider_uid     TEXT   NOT NULL,
  email            TEXT   NOT NULL,            -- in lower case, as the provider said it
  email_verified   BIGINT NOT NULL DEFAULT 0,  -- 1: the provider says that it is verified
  access_token     TEXT   NOT NULL DEFAULT '', -- sealed
  token_expires_at BIGINT,                     -- NULL: unknown, or no token
  refresh_token    TEXT   NOT NULL DEFAULT '', -- sealed
  created_at       BIGINT NOT NULL,
  updated_at       BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, provider, issuer, provider_uid),
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);
CREATE INDEX identities_in_order ON identities (project_id, seq);
CREATE INDEX identities_of_user ON identities (project_id, user_id, seq);
CREATE INDEX identities_by_email ON identities (project_id, email);

-- One row for each sign-in from its start until the browser is back, or has been
-- away for too long.
CREATE TABLE oauth2_flows (
  state_hash   TEXT   NOT NULL PRIMARY KEY, -- of the parameter state
  browser_hash TEXT   NOT NULL,             -- of the browser's cookie
  project_id   TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  provider     TEXT   NOT NULL,
  user_id      TEXT   NOT NULL,             -- who was signed in and gets the identity; '': nobody
  session_id   TEXT   NOT NULL,             -- the session of that
  success      TEXT   NOT NULL,             -- where the browser goes
  failure      TEXT   NOT NULL,
  own_success  BIGINT NOT NULL,             -- 1: success is the server's own page
  token        BIGINT NOT NULL,             -- 1: it ends with a token, not with a session
  redirect_uri TEXT   NOT NULL,             -- as the provider was told
  expires_at   BIGINT NOT NULL
);
CREATE INDEX oauth2_flows_expire ON oauth2_flows (expires_at);

-- +goose Down
DROP TABLE oauth2_flows;
DROP TABLE identities;
