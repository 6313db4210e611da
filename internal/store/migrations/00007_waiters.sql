-- Whom an execution that waits counts for.

-- +goose Up
ALTER TABLE executions ADD COLUMN waiter TEXT NOT NULL DEFAULT ''; -- a user, or an address of guests; '': nobody
UPDATE executions SET waiter = user_id;
CREATE INDEX executions_of_waiter ON executions (project_id, status, waiter);

-- +goose Down
DROP INDEX executions_of_waiter;
ALTER TABLE executions DROP COLUMN waiter;
