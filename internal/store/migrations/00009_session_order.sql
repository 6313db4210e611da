-- The order in which a user's sessions were made. Their times do not tell it
-- where the clock was set back.

-- +goose Up
ALTER TABLE sessions ADD COLUMN seq BIGINT NOT NULL DEFAULT 0; -- 1, 2, ... of the user
UPDATE sessions SET seq = numbered.seq FROM (
  SELECT project_id, id, ROW_NUMBER() OVER (PARTITION BY project_id, user_id ORDER BY created_at, id) AS seq FROM sessions
) AS numbered WHERE numbered.project_id = sessions.project_id AND numbered.id = sessions.id;
DROP INDEX sessions_of_user;
CREATE INDEX sessions_of_user ON sessions (project_id, user_id, seq);

-- +goose Down
DROP INDEX sessions_of_user;
CREATE INDEX sessions_of_user ON sessions (project_id, user_id, created_at);
ALTER TABLE sessions DROP COLUMN seq;
