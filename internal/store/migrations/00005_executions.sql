-- Executions of functions: what was asked, and what came of it.

-- +goose Up
CREATE TABLE executions (
  project_id       TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  id               TEXT   NOT NULL,
  seq              BIGINT NOT NULL, -- 1, 2, ... within the project
  function_id      TEXT   NOT NULL,
  deployment       TEXT   NOT NULL,
  user_id          TEXT   NOT NULL, -- whom it acts for; '': a guest or a server
  session_id       TEXT   NOT NULL, -- of the user, by which a token is made; '': none
  trigger_kind     TEXT   NOT NULL, -- http or schedule
  status           TEXT   NOT NULL, -- waiting, scheduled, processing, completed or failed
  method           TEXT   NOT NULL,
  path             TEXT   NOT NULL,
  request_headers  TEXT   NOT NULL, -- JSON list of [name, value], as it may be shown
  response_status  BIGINT NOT NULL DEFAULT 0,
  response_headers TEXT   NOT NULL DEFAULT '[]',
  logs             TEXT   NOT NULL DEFAULT '',
  errors           TEXT   NOT NULL DEFAULT '',
  duration_us      BIGINT NOT NULL DEFAULT 0, -- microseconds
  scheduled_at     BIGINT,                    -- NULL: not scheduled
  created_at       BIGINT NOT NULL,
  updated_at       BIGINT NOT NULL,
  -- While it waits and runs:
  due_at           BIGINT NOT NULL,           -- 0: now
  owner            TEXT   NOT NULL DEFAULT '', -- the server process that runs it
  pending          TEXT,                      -- what is needed to run it, JSON; NULL: nothing, it has run
  pending_size     BIGINT NOT NULL DEFAULT 0, -- bytes of it
  PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX executions_by_seq ON executions (project_id, seq);
CREATE INDEX executions_of_function ON executions (project_id, function_id, seq);
CREATE INDEX executions_due ON executions (status, due_at, seq);
CREATE INDEX executions_of_user ON executions (project_id, status, user_id);

-- +goose Down
DROP TABLE executions;
