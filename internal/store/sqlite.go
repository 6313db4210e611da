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
	files:     func(files fs.FS) fs.FS { return edited{files, only("SQLite")} },
	options:   func() ([]goose.ProviderOption, error) { return nil, nil },
	isolation: sql.LevelSerializable,
	few:       5000,                              // as many as totals count
	duplicate: func(error) bool { return false }, // insertions say so themselves
	again:     func(error) bool { return false },
}
