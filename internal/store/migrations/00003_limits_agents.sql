-- Counters of rate limits, and the user agents of sessions.

-- +goose Up
-- One row for each counter whose window has not ended.
CREATE TABLE limit_hits (
  project_id TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  bucket     TEXT   NOT NULL, -- hash of what the requests have in common
  hits       BIGINT NOT NULL, -- requests counted in the window
  starts_at  BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,
  PRIMARY KEY (project_id, bucket)
);
CREATE INDEX limit_hits_by_end ON limit_hits (ends_at);

ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT ''; -- that signed in

-- +goose Down
ALTER TABLE sessions DROP COLUMN user_agent;
DROP TABLE limit_hits;
