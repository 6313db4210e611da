package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

// waitMost is how long anybody waits until the database begins to do what is
// asked: for a connection, and for SQLite's write lock, together. So those who
// wait while it is away do not wait for each other.
const waitMost = 10 * time.Second

// errWaited reports that the database did not begin in time.
var errWaited = errors.New("store: the database is busy: another program may hold its lock, or all connections are in use")

// Unavailable reports whether an error says that the database cannot be had at
// the moment, and that what was asked may succeed later.
func Unavailable(err error) bool {
	return errors.Is(err, errWaited) || sqliteAway(err) || postgresAway(err)
}

// sqliteAway reports whether a file is locked, or the disk full.
func sqliteAway(err error) bool {
	return errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED) || errors.Is(err, sqlite3.FULL)
}

// awayStates begin the codes of what a PostgreSQL server answers that may serve
// later: lost connections, too few resources, time-outs of locks and statements,
// a start or an end under way, and a replica's refusal to write.
var awayStates = []string{"08", "53", "55P03", "57014", "57P0", "25006", "25P03"}

// postgresAway reports whether a server cannot be reached, or refuses for now.
func postgresAway(err error) bool {
	if _, ok := errors.AsType[*connectError](err); ok {
		return true
	}
	if state := sqlState(err); state != "" {
		for _, away := range awayStates {
			if strings.HasPrefix(state, away) {
				return true
			}
		}
		return false
	}
	_, broken := errors.AsType[*net.OpError](err)
	return broken || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}

// patient returns a context that ends with errWaited unless begun is called
// soon. It is not ok when that is too late; the context ends with end.
func (db *DB) patient(ctx context.Context) (_ context.Context, begun func() bool, end func()) {
	patience := waitMost
	if db.patience != 0 {
		patience = db.patience
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(patience, func() { cancel(errWaited) })
	return ctx, timer.Stop, func() { timer.Stop(); cancel(nil) }
}

// waited is the error of something that did not begin: errWaited, if that is
// because the time was over.
func waited(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errWaited):
		return errWaited
	case errors.Is(cause, context.DeadlineExceeded): // the caller has less time
		return errors.Join(errWaited, cause)
	}
	return err
}

// begin begins a transaction. Only the beginning is bounded in time; end comes
// after the transaction.
func (db *DB) begin(ctx context.Context) (tx *sql.Tx, end func(), err error) {
	ctx, begun, end := db.patient(ctx)
	tx, err = db.write.BeginTx(ctx, &sql.TxOptions{Isolation: db.dialect.isolation})
	if err == nil && begun() {
		return tx, end, nil
	}
	if err == nil {
		err = errors.Join(errWaited, tx.Rollback())
	}
	err = fmt.Errorf("store: beginning a transaction: %w", waited(ctx, err))
	end()
	return nil, nil, err
}

// sharedRow is row by a connection of a pool that others may have taken, which
// prepares statements itself.
func (db *DB) sharedRow(ctx context.Context, dest []any, query string, args []any) error {
	found := false
	err := db.onConn(ctx, context.WithoutCancel(ctx), query, args, func(rows *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return rows.Scan(dest...)
	})
	if err == nil && !found {
		return ErrNotFound
	}
	return err
}

// sharedRows is rows by such a connection.
func (db *DB) sharedRows(ctx context.Context, scanRow func(*sql.Rows) error, query string, args []any) error {
	return db.onConn(ctx, ctx, query, args, scanRow)
}

// onConn waits for a connection of the reading pool, and runs a query by it.
func (db *DB) onConn(wait, ctx context.Context, query string, args []any, scanRow func(*sql.Rows) error) error {
	db.statements.Add(1)
	for attempt := 1; ; attempt++ {
		conn, err := db.conn(wait)
		if err != nil {
			return err
		}
		rows, err := conn.QueryContext(ctx, query, args...)
		if err == nil {
			return errors.Join(each(rows, scanRow), conn.Close())
		}
		err = errors.Join(wrap(err), conn.Close())
		// It broke while nobody used it, which ends it; there may be others.
		if !errors.Is(err, driver.ErrBadConn) || attempt == maxAttempts {
			return err
		}
	}
}

// conn is a connection of the reading pool, which Close gives back.
func (db *DB) conn(ctx context.Context) (*sql.Conn, error) {
	ctx, _, end := db.patient(ctx)
	defer end()
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return nil, wrap(waited(ctx, err))
	}
	return conn, nil
}
