-- The servers that share the database.

-- +goose Up
CREATE TABLE instances (
  id    TEXT   NOT NULL PRIMARY KEY, -- the owner of the executions that it runs
  beats BIGINT NOT NULL              -- grows as long as it lives
);

-- +goose Down
DROP TABLE instances;
