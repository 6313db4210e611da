-- What lists of users are sorted and filtered by. Each index has the sort key
-- as the queries write it, and then the order in which the users were made.

-- +goose Up
CREATE INDEX users_by_created_at ON users (project_id, created_at, seq);
CREATE INDEX users_by_updated_at ON users (project_id, updated_at, seq);
CREATE INDEX users_by_registered_at ON users (project_id, registered_at, seq);
CREATE INDEX users_by_accessed_at ON users (project_id, accessed_at, seq);
CREATE INDEX users_by_password_at ON users (project_id, COALESCE(password_at, -1), seq);
CREATE INDEX users_by_name ON users (project_id, name, seq);
CREATE INDEX users_by_email_key ON users (project_id, COALESCE(email, ''), seq);
CREATE INDEX users_by_phone_key ON users (project_id, COALESCE(phone, ''), seq);
CREATE INDEX users_by_status ON users (project_id, (1 - blocked), seq);
CREATE INDEX users_by_email_verified ON users (project_id, email_verified, seq);
CREATE INDEX users_by_phone_verified ON users (project_id, phone_verified, seq);
CREATE INDEX users_by_labels ON users (project_id, labels, seq);

-- The texts of users by their trigrams.
-- Only for PostgreSQL:
-- Its extension must be there, and the role may make it: the owner of a database
-- may. Without it the index is not made, and searches read all users.
-- +goose StatementBegin
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX users_by_text ON users USING gin
    (LOWER(' ' || id || ' ' || COALESCE(email, '') || ' ' || COALESCE(phone, '') || ' ' || name || ' ') gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
  RAISE NOTICE 'there is no pg_trgm: users are searched without an index';
END $$;
-- +goose StatementEnd
-- Only for SQLite:
ALTER TABLE projects ADD COLUMN number BIGINT NOT NULL DEFAULT 0; -- 1, 2, ...
UPDATE projects SET number = numbered.number FROM (
  SELECT id, ROW_NUMBER() OVER (ORDER BY created_at, id) AS number FROM projects
) AS numbered WHERE numbered.id = projects.id;
-- +goose StatementBegin
CREATE TRIGGER project_made AFTER INSERT ON projects BEGIN
  UPDATE projects SET number = (SELECT MAX(number) + 1 FROM projects) WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- A row is (number of the project << 40) + seq of the user; each column is in
-- small letters, between two char(2) and two char(3), which no trigram of
-- another text has.
CREATE VIRTUAL TABLE user_text USING fts5(id, email, phone, name, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1');
CREATE VIEW user_texts AS SELECT u.project_id, u.id AS user_id, (p.number << 40) + u.seq AS row,
  char(2, 2) || LOWER(u.id) || char(3, 3) AS id, char(2, 2) || LOWER(u.email) || char(3, 3) AS email,
  char(2, 2) || LOWER(u.phone) || char(3, 3) AS phone, char(2, 2) || LOWER(u.name) || char(3, 3) AS name
  FROM projects p JOIN users u ON u.project_id = p.id;
INSERT INTO user_text (rowid, id, email, phone, name) SELECT row, id, email, phone, name FROM user_texts ORDER BY row;
-- +goose StatementBegin
CREATE TRIGGER user_made AFTER INSERT ON users BEGIN
  INSERT INTO user_text (rowid, id, email, phone, name)
    SELECT row, id, email, phone, name FROM user_texts WHERE project_id = NEW.project_id AND user_id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_goes BEFORE DELETE ON users BEGIN
  INSERT INTO user_text (user_text, rowid, id, email, phone, name)
    SELECT 'delete', row, id, email, phone, name FROM user_texts WHERE project_id = OLD.project_id AND user_id = OLD.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_text_goes BEFORE UPDATE OF email, phone, name ON users BEGIN
  INSERT INTO user_text (user_text, rowid, id, email, phone, name)
    SELECT 'delete', row, id, email, phone, name FROM user_texts WHERE project_id = OLD.project_id AND user_id = OLD.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_text_comes AFTER UPDATE OF email, phone, name ON users BEGIN
  INSERT INTO user_text (rowid, id, email, phone, name)
    SELECT row, id, email, phone, name FROM user_texts WHERE project_id = NEW.project_id AND user_id = NEW.id;
END;
-- +goose StatementEnd
-- The texts go while the number of the project is known.
-- +goose StatementBegin
CREATE TRIGGER project_goes BEFORE DELETE ON projects BEGIN
  DELETE FROM users WHERE project_id = OLD.id;
END;
-- +goose StatementEnd
-- For all:

-- +goose Down
-- Only for PostgreSQL:
DROP INDEX IF EXISTS users_by_text;
-- Only for SQLite:
DROP TRIGGER project_goes;
DROP TRIGGER user_text_comes;
DROP TRIGGER user_text_goes;
DROP TRIGGER user_goes;
DROP TRIGGER user_made;
DROP VIEW user_texts;
DROP TABLE user_text;
DROP TRIGGER project_made;
ALTER TABLE projects DROP COLUMN number;
-- For all:
DROP INDEX users_by_labels;
DROP INDEX users_by_phone_verified;
DROP INDEX users_by_email_verified;
DROP INDEX users_by_status;
DROP INDEX users_by_phone_key;
DROP INDEX users_by_email_key;
DROP INDEX users_by_name;
DROP INDEX users_by_password_at;
DROP INDEX users_by_accessed_at;
DROP INDEX users_by_registered_at;
DROP INDEX users_by_updated_at;
DROP INDEX users_by_created_at;
