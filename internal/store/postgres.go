package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"regexp"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// postgres is the dialect of PostgreSQL. Its transactions see what others have
// committed before each statement (read committed), and lock what they rest
// on: then they wait for each other where serializable ones would fail.
var postgres = &dialect{
	goose:     goose.DialectPostgres,
	files:     func(files fs.FS) fs.FS { return edited{edited{files, only("PostgreSQL")}, bytewise} },
	options:   sessionLock,
	isolation: sql.LevelReadCommitted,
	// Foreign keys of new rows, which only need the row to stay, do not wait.
	lockRow:     ` FOR NO KEY UPDATE`,
	holdRow:     ` FOR SHARE`,
	takeFree:    ` FOR UPDATE SKIP LOCKED`,
	lockProject: `SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE`,
	duplicate:   func(err error) bool { return sqlState(err) == "23505" },
	// A deadlock, or a conflict of transactions of a stricter kind. Neither
	// has committed anything.
	again: func(err error) bool { state := sqlState(err); return state == "40P01" || state == "40001" },
}

// sqlState is the code of an error of the server; "" for others.
func sqlState(err error) string {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refusal.Code
	}
	return ""
}

// Instances that start at once migrate one after the other. How long they wait
// for each other, in seconds: for the longest migration.
const (
	lockPeriod = 1
	lockTimes  = 300
)

func sessionLock() ([]goose.ProviderOption, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriod, lockTimes))
	if err != nil {
		return nil, err
	}
	return []goose.ProviderOption{goose.WithSessionLocker(locker)}, nil
}

// bytewise gives columns of text the collation by which they compare by bytes, as
// they do in SQLite: PostgreSQL would follow the language of the database.
func bytewise(text string) string { return textColumn.ReplaceAllString(text, `TEXT COLLATE "C"`) }

var textColumn = regexp.MustCompile(`\bTEXT\b`)
