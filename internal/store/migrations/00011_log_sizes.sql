-- How long the logs and errors of executions are, so that a project's together
-- can be bounded.

-- +goose Up
ALTER TABLE executions ADD COLUMN log_size BIGINT NOT NULL DEFAULT 0; -- bytes of logs and errors; 0: not counted any more
UPDATE executions SET log_size = OCTET_LENGTH(logs) + OCTET_LENGTH(errors);
CREATE INDEX executions_logged ON executions (project_id, seq, log_size) WHERE log_size > 0;

-- +goose Down
DROP INDEX executions_logged;
ALTER TABLE executions DROP COLUMN log_size;
