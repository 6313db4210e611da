-- How the texts of users begin, in small letters: an index finds those that begin
-- with a text, and its statistics tell how many there are. It includes the column,
-- so that they are counted without the rows. SQLite finds them by its full-text
-- index.

-- +goose Up
-- Only for PostgreSQL:
CREATE INDEX users_by_small_id ON users (project_id, LOWER(id), seq) INCLUDE (id);
CREATE INDEX users_by_small_name ON users (project_id, LOWER(name), seq) INCLUDE (name);
CREATE INDEX users_by_small_email ON users (project_id, LOWER(COALESCE(email, '')), seq) INCLUDE (email);
ANALYZE users; -- an index on an expression has no statistics before
-- For all:

-- +goose Down
-- Only for PostgreSQL:
DROP INDEX users_by_small_email;
DROP INDEX users_by_small_name;
DROP INDEX users_by_small_id;
-- For all:
