-- Teams, and who is in them.

-- +goose Up
CREATE TABLE teams (
  project_id TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  id         TEXT   NOT NULL,
  seq        BIGINT NOT NULL,           -- 1, 2, ... within the project
  name       TEXT   NOT NULL,
  total      BIGINT NOT NULL DEFAULT 0, -- confirmed memberships
  prefs      TEXT   NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX teams_by_seq ON teams (project_id, seq);
CREATE INDEX teams_by_name ON teams (project_id, name, seq);
CREATE INDEX teams_by_total ON teams (project_id, total, seq);
CREATE INDEX teams_by_created_at ON teams (project_id, created_at, seq);
CREATE INDEX teams_by_updated_at ON teams (project_id, updated_at, seq);

CREATE TABLE memberships (
  project_id  TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  seq         BIGINT NOT NULL,             -- 1, 2, ... within the project
  team_id     TEXT   NOT NULL,
  user_id     TEXT   NOT NULL,
  roles       TEXT   NOT NULL,             -- JSON list
  confirmed   BIGINT NOT NULL,             -- 0: invited, and has not accepted
  invited_at  BIGINT NOT NULL,
  joined_at   BIGINT,                      -- NULL: not confirmed
  secret_hash TEXT   NOT NULL DEFAULT '',  -- of the last invitation; '': none was sent
  channel     TEXT   NOT NULL DEFAULT '',  -- by which it was sent: mail or text
  address     TEXT   NOT NULL DEFAULT '',  -- where it was sent to
  signs_in    BIGINT NOT NULL DEFAULT 0,   -- 1: accepting it signs in
  created_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, team_id, user_id),
  FOREIGN KEY (project_id, team_id) REFERENCES teams (project_id, id) ON DELETE CASCADE,
  FOREIGN KEY (project_id, user_id) REFERENCES users (project_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX memberships_by_seq ON memberships (project_id, seq);
CREATE INDEX memberships_of_user ON memberships (project_id, user_id, seq);
-- What a team's memberships are sorted and filtered by.
CREATE INDEX memberships_of_team ON memberships (project_id, team_id, seq);
CREATE INDEX memberships_by_id ON memberships (project_id, team_id, id);
CREATE INDEX memberships_by_confirmed ON memberships (project_id, team_id, confirmed, seq);
CREATE INDEX memberships_by_invited_at ON memberships (project_id, team_id, invited_at, seq);
CREATE INDEX memberships_by_joined_at ON memberships (project_id, team_id, COALESCE(joined_at, -1), seq);
CREATE INDEX memberships_by_created_at ON memberships (project_id, team_id, created_at, seq);
CREATE INDEX memberships_by_updated_at ON memberships (project_id, team_id, updated_at, seq);

-- +goose Down
DROP TABLE memberships;
DROP TABLE teams;
