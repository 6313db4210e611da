// Package store keeps projects, users, sessions, JWT creations and executions
// in a SQL database. The SQL text is that of SQLite and PostgreSQL alike:
// numbered placeholders, BIGINT unix milliseconds, JSON as TEXT, ON CONFLICT.
// SQLite binds $1, $2, ... in the order in which they first appear, so every
// statement must name them in ascending order. What differs is a dialect.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	"github.com/ncruces/go-sqlite3/vfs/memdb"
)

// FileName is the name of the database file in the data directory.
const FileName = "isojot.db"

// Modes of what is made: the database holds signing keys and password hashes.
const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600
)

// osVFS is SQLite's name of the operating system's files.
const osVFS = "os"

// minReaders is the least number of reading connections of a file database.
const minReaders = 4

// DB is an open database. It is safe for concurrent use.
type DB struct {
	// One connection writes: SQLite has one writer anyway, and waiting for it
	// in a Go queue is fair, waiting in SQLite's busy loop is not.
	write *sql.DB
	// In memory this is the same pool, so that readers never meet the lock
	// of a writer.
	read *sql.DB

	one readers // for single rows of a file; nil: the read pool does it

	clock   func() time.Time
	dialect *dialect
	target  string // where a shared database is; "" for others

	made   bool     // there was none before
	memory string   // name of the shared in-memory database; "" for a file
	reads  sync.Map // query text -> *sql.Stmt of the read pool

	statements atomic.Int64
	uncounted  sync.Map // project -> *atomic.Int64, bytes of logs stored since they were counted

	patience time.Duration // of tests; 0: waitMost
}

// Open opens the database file in dir, making both if need be (modes 0600 and
// 0700), and brings its schema up to date. The clock tells the time of
// everything that is stored or decided.
func Open(ctx context.Context, dir string, clock func() time.Time) (*DB, error) {
	return openOn(ctx, dir, clock, osVFS)
}

// openOn is Open on the file system that SQLite knows by that name.
func openOn(ctx context.Context, dir string, clock func() time.Time, vfs string) (*DB, error) {
	used, err := Used(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	path, err := prepareFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	// synchronous=FULL: an acknowledged sign-out or block must survive a power
	// cut, or a revoked session would come back to life; NORMAL in WAL mode
	// may lose the last commits. The busy timeout comes first, since switching
	// to WAL may already have to wait for another process.
	pragmas := []string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)"}
	db, on := &DB{dialect: sqlite, clock: clock, made: !used}, "&vfs="+vfs
	if db.write, err = open(fileDSN(path, pragmas)+on, 1); err != nil {
		return nil, err
	}
	if err := db.migrateFile(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	n, dsn := max(minReaders, runtime.NumCPU()), fileDSN(path, append(pragmas, "query_only(on)"))+on
	if db.read, err = open(dsn, n); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.one = newReaders(dsn, n)
	return db, nil
}

// migrateFile migrates, and leaves it to the next commit to bring that to the
// disk: a wait for each migration is most of a first start. Whatever a power cut
// leaves of the write-ahead log is the schema after some migration, and the
// others are run again.
func (db *DB) migrateFile(ctx context.Context) error {
	if _, err := db.write.ExecContext(ctx, `PRAGMA synchronous = normal`); err != nil {
		return fmt.Errorf("store: migrating the schema: %w", err)
	}
	err := db.migrate(ctx)
	if _, full := db.write.ExecContext(ctx, `PRAGMA synchronous = full`); full != nil {
		err = errors.Join(err, fmt.Errorf("store: migrating the schema: %w", full))
	}
	return err
}

// OpenMemory makes a database that lives in memory until it is closed. Each
// one is its own, so tests can have one each.
func OpenMemory(ctx context.Context, clock func() time.Time) (*DB, error) {
	db := &DB{dialect: sqlite, clock: clock, memory: "isojot-" + rand.Text()}
	// A named database outlives its connection, which database/sql may replace.
	memdb.Create(db.memory, nil)
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: "/" + db.memory,
		RawQuery: url.Values{"vfs": {"memdb"}, "_pragma": {"busy_timeout(10000)", "foreign_keys(on)"}}.Encode()}
	var err error
	if db.write, err = open(dsn.String(), 1); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.read = db.write
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Made reports whether Open made the database: that there was none before.
func (db *DB) Made() bool { return db.made }

// Close closes the database; of one in memory nothing remains.
func (db *DB) Close() error {
	var errs []error
	db.reads.Range(func(_, stmt any) bool {
		errs = append(errs, stmt.(*sql.Stmt).Close())
		return true
	})
	if db.one != nil {
		errs = append(errs, db.one.close())
	}
	if db.read != nil && db.read != db.write {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.Close())
	}
	if db.memory != "" {
		memdb.Delete(db.memory)
	}
	return errors.Join(errs...)
}

// open opens a pool of at most n connections that are kept: opening one runs
// the pragmas again.
func open(dsn string, n int) (*sql.DB, error) {
	pool, err := driver.Open(dsn, fts5.Register)
	if err != nil {
		return nil, fmt.Errorf("store: opening the database: %w", err)
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// fileDSN names a database file. modeof gives the write-ahead log the mode of
// the database file, whatever the umask says.
func fileDSN(path string, pragmas []string) string {
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}, "modeof": {path}}
	// SQLite decodes %20 in a query, but not the + that stands for a space.
	query := strings.ReplaceAll(q.Encode(), "+", "%20")
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query}).String()
}

// prepareFiles makes the directory and the files that SQLite would make with
// the mode of the umask, and returns the path of the database.
func prepareFiles(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no data directory was given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return "", fmt.Errorf("making the data directory: %w", err)
	}
	path := filepath.Join(dir, FileName)
	for _, name := range []string{path, path + "-shm"} {
		if err := private(name); err != nil {
			return "", err
		}
	}
	return path, nil
}

// private makes the file if need be and takes it away from other users.
func private(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	return errors.Join(f.Chmod(fileMode), f.Close())
}
