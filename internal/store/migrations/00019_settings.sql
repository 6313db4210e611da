-- Settings of projects that isojot project has set, and how often they changed.

-- +goose Up
CREATE TABLE project_settings (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL, -- as it is typed
  PRIMARY KEY (project_id, name)
);
ALTER TABLE projects ADD COLUMN settings_version BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE projects DROP COLUMN settings_version;
DROP TABLE project_settings;
