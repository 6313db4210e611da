-- The order of labels: an index of PostgreSQL takes no text of a thousand.

-- +goose Up
DROP INDEX users_by_labels;
CREATE INDEX users_by_labels ON users (project_id, substr(labels, 1, 400), seq);

-- +goose Down
DROP INDEX users_by_labels;
CREATE INDEX users_by_labels ON users (project_id, labels, seq);
