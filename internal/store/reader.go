package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// readers run queries for one row of a database file by SQLite's own API.
// database/sql makes the driver read the name and the declared type of each
// column at each query, which takes as long as finding the row does
// (BenchmarkOneRow).
// A reader is used by one caller at a time; the channel holds the idle ones.
type readers chan *reader

// errClosed is the error of using a database after Close.
var errClosed = errors.New("store: the database is closed")

// newReaders makes n readers of a database, which connect at their first use.
func newReaders(dsn string, n int) readers {
	all := make(readers, n)
	for range n {
		all <- &reader{dsn: dsn}
	}
	return all
}

// row runs a query for one row and scans it; none is ErrNotFound. The context
// bounds the wait for a reader, and so does waitMost.
func (rs readers) row(ctx context.Context, dest []any, query string, args []any) error {
	r, err := rs.take(ctx)
	if err != nil {
		return wrap(err)
	}
	defer func() { rs <- r }()
	return r.row(dest, query, args)
}

// take waits for a reader.
func (rs readers) take(ctx context.Context) (*reader, error) {
	select {
	case r := <-rs:
		return r, nil
	default: // no timer while one is idle
	}
	timer := time.NewTimer(waitMost)
	defer timer.Stop()
	select {
	case r := <-rs:
		return r, nil
	case <-timer.C:
		return nil, errWaited
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close waits for the readers at work and closes all. Later queries get
// errClosed.
func (rs readers) close() error {
	var closed []*reader
	var errs []error
	for range cap(rs) {
		r := <-rs
		errs = append(errs, r.disconnect())
		r.closed = true
		closed = append(closed, r)
	}
	for _, r := range closed {
		rs <- r
	}
	return errors.Join(errs...)
}

// reader is one connection and its prepared statements.
type reader struct {
	dsn    string
	conn   *sqlite3.Conn // nil: not connected
	stmts  map[string]*sqlite3.Stmt
	closed bool
}

func (r *reader) row(dest []any, query string, args []any) error {
	stmt, err := r.prepare(query)
	if err != nil {
		return err
	}
	found, err := first(stmt, dest, args)
	// Not reset, a statement would keep its view of the database, and with it
	// the write-ahead log.
	if err = errors.Join(err, stmt.Reset(), stmt.ClearBindings()); err != nil {
		// The fault may be the connection's: the next query gets a new one.
		return fmt.Errorf("store: %w", errors.Join(err, r.disconnect()))
	}
	if !found {
		return ErrNotFound
	}
	return nil
}

// first scans the first row, and reports whether there is one.
func first(stmt *sqlite3.Stmt, dest, args []any) (found bool, err error) {
	for i, arg := range args {
		if err := bind(stmt, i+1, arg); err != nil {
			return false, err
		}
	}
	if !stmt.Step() {
		return false, stmt.Err()
	}
	if n := stmt.ColumnCount(); n != len(dest) {
		return true, fmt.Errorf("%d columns are read into %d places", n, len(dest))
	}
	for i, to := range dest {
		if err := column(stmt, i, to); err != nil {
			return true, fmt.Errorf("column %s: %w", stmt.ColumnName(i), err)
		}
	}
	return true, nil
}

// prepare returns the connection's statement of a query, prepared at its first
// use: the queries of this package are constants, so there are few.
func (r *reader) prepare(query string) (*sqlite3.Stmt, error) {
	if stmt := r.stmts[query]; stmt != nil {
		return stmt, nil
	}
	if err := r.connect(); err != nil {
		return nil, err
	}
	stmt, _, err := r.conn.PrepareFlags(query, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, fmt.Errorf("store: preparing: %w", err)
	}
	r.stmts[query] = stmt
	return stmt, nil
}

func (r *reader) connect() (err error) {
	if r.closed {
		return errClosed
	}
	if r.conn == nil {
		r.stmts = map[string]*sqlite3.Stmt{}
		if r.conn, err = sqlite3.Open(r.dsn); err != nil {
			return fmt.Errorf("store: opening the database: %w", err)
		}
	}
	return nil
}

func (r *reader) disconnect() error {
	var errs []error
	for _, stmt := range r.stmts {
		errs = append(errs, stmt.Close())
	}
	errs = append(errs, r.conn.Close()) // of nil, too
	r.conn, r.stmts = nil, nil
	return errors.Join(errs...)
}

// bind sets a parameter, of the types that this package passes.
func bind(stmt *sqlite3.Stmt, i int, arg any) error {
	switch arg := arg.(type) {
	case nil:
		return stmt.BindNull(i)
	case string:
		return stmt.BindText(i, arg)
	case int64:
		return stmt.BindInt64(i, arg)
	case int:
		return stmt.BindInt(i, arg)
	}
	return fmt.Errorf("parameter %d is a %T", i, arg)
}

// column reads a column into what this package scans into.
func column(stmt *sqlite3.Stmt, i int, to any) error {
	kind := stmt.ColumnType(i)
	switch to := to.(type) {
	case *rawText: // which can be long: it is copied once
		*to = bytes.Clone(stmt.ColumnRawText(i))
		return mustBe(sqlite3.TEXT, kind)
	case sql.Scanner:
		v, err := value(stmt, i, kind)
		if err != nil {
			return err
		}
		return to.Scan(v)
	case *string:
		*to = stmt.ColumnText(i)
		return mustBe(sqlite3.TEXT, kind)
	case *int64:
		*to = stmt.ColumnInt64(i)
		return mustBe(sqlite3.INTEGER, kind)
	case *int:
		*to = stmt.ColumnInt(i)
		return mustBe(sqlite3.INTEGER, kind)
	case *bool:
		*to = stmt.ColumnBool(i)
		return mustBe(sqlite3.INTEGER, kind)
	}
	return fmt.Errorf("%T is not scanned into", to)
}

// value is a column as database/sql would give it to a Scanner.
func value(stmt *sqlite3.Stmt, i int, kind sqlite3.Datatype) (any, error) {
	switch kind {
	case sqlite3.NULL:
		return nil, nil
	case sqlite3.TEXT:
		return stmt.ColumnText(i), nil
	case sqlite3.INTEGER:
		return stmt.ColumnInt64(i), nil
	}
	return nil, fmt.Errorf("%v is not scanned", kind)
}

// mustBe returns an error if a column holds another type than the one read.
func mustBe(want, got sqlite3.Datatype) error {
	if got != want {
		return fmt.Errorf("it is %v, not %v", got, want)
	}
	return nil
}
