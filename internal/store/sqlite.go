package store

import (
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// sqlite is the dialect of SQLite, where a transaction takes the write lock of
// the whole database at its begin.
var sqlite = &dialect{
	goose:     goose.DialectSQLite3,
	files:     func(files fs.FS) fs.FS { return files },
	options:   func() ([]goose.ProviderOption, error) { return nil, nil },
	isolation: sql.LevelSerializable,
	duplicate: func(error) bool { return false }, // insertions say so themselves
	again:     func(error) bool { return false },
}
