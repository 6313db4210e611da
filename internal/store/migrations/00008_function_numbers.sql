-- A number for each function that has users of its own on the machine. None is
-- given twice, also when the function or its project is gone: what a function
-- left on the disk belongs to its users.

-- +goose Up
CREATE TABLE function_numbers (
  project_id  TEXT   NOT NULL,
  function_id TEXT   NOT NULL,
  number      BIGINT NOT NULL UNIQUE, -- 0, 1, ... within the database
  PRIMARY KEY (project_id, function_id)
);

-- +goose Down
DROP TABLE function_numbers;
