-- The outbox: mails and text messages, from the change that they tell of until
-- they are sent.

-- +goose Up
CREATE TABLE messages (
  id         TEXT   NOT NULL PRIMARY KEY,
  project_id TEXT   NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  channel    TEXT   NOT NULL,           -- mail or text
  kind       TEXT   NOT NULL,           -- what it is about: verification, recovery, ...
  recipient  TEXT   NOT NULL,           -- an e-mail address, or a phone number
  body       TEXT   NOT NULL,           -- JSON, with what is secret; '': it is gone
  state      TEXT   NOT NULL,           -- waiting, sending, sent, dead, or kept: nobody sends it
  attempts   BIGINT NOT NULL DEFAULT 0,
  due_at     BIGINT NOT NULL,           -- while it waits: the next attempt
  expires_at BIGINT NOT NULL,           -- when it is given up
  owner      TEXT   NOT NULL DEFAULT '', -- the server process that sends it
  reason     TEXT   NOT NULL DEFAULT '', -- why the last attempt failed
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX messages_due ON messages (state, channel, due_at, id);
CREATE INDEX messages_by_state ON messages (state, id);
CREATE INDEX messages_to ON messages (recipient, id);

-- +goose Down
DROP TABLE messages;
