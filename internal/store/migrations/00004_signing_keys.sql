-- The keys that sign a project's JWTs, of which it can have several, and the
-- claims that its JWTs have beside Appwrite's.

-- +goose Up
CREATE TABLE signing_keys (
  project_id TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  id         TEXT   NOT NULL, -- EdDSA, ES256: the kid; HS256: a name for people
  seq        BIGINT NOT NULL, -- 1, 2, ... within the project
  alg        TEXT   NOT NULL, -- HS256, EdDSA or ES256
  secret     TEXT   NOT NULL, -- hex of the key, the seed or the scalar, 32 bytes or more
  signs_from BIGINT NOT NULL, -- until the next one does
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, seq)
);
INSERT INTO signing_keys (project_id, id, seq, alg, secret, signs_from, created_at)
  SELECT id, 'first', 1, 'HS256', jwt_key, created_at, created_at FROM projects;
ALTER TABLE projects DROP COLUMN jwt_key;

ALTER TABLE projects ADD COLUMN key_version BIGINT NOT NULL DEFAULT 1; -- counts changes of keys and claims
ALTER TABLE projects ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';     -- JSON list of strings: iat, aud=orders, ...

-- +goose Down
ALTER TABLE projects DROP COLUMN claims;
ALTER TABLE projects DROP COLUMN key_version;
ALTER TABLE projects ADD COLUMN jwt_key TEXT NOT NULL DEFAULT '';
-- Each secret is random and long enough for HS256, whatever it was made for.
UPDATE projects SET jwt_key = (
  SELECT k.secret FROM signing_keys k WHERE k.project_id = projects.id ORDER BY k.seq DESC LIMIT 1
);
DROP TABLE signing_keys;
