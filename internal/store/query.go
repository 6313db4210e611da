package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Errors of lookups and insertions. Anything else a method returns is a fault
// of the database.
var (
	// ErrNotFound says that no row matches.
	ErrNotFound = errors.New("store: not found")
	// ErrDuplicate says that an id or e-mail address is taken.
	ErrDuplicate = errors.New("store: duplicate")
)

// NotFoundAs returns another error instead of ErrNotFound: what its caller calls
// a row that is not there. Other errors, and nil, stay as they are.
func NotFoundAs(err, instead error) error {
	if errors.Is(err, ErrNotFound) {
		return instead
	}
	return err
}

// Tx is a transaction. It must be used by one goroutine.
type Tx struct {
	tx  *sql.Tx
	db  *DB
	now time.Time // zero: not read yet
	// The project and the user that it has locked.
	lockedProject string
	lockedUser    userKey
}

// userKey names a user.
type userKey struct{ project, id string }

// Now returns the time of the transaction: the clock is read once, at the first
// call. What is decided by the time must be locked before: then times follow
// the order in which transactions take place, whenever their requests began.
// SQLite's transactions have the write lock from their begin on.
func (t *Tx) Now() time.Time {
	if t.now.IsZero() {
		t.now = t.db.Now()
	}
	return t.now
}

// Now reads the clock, as precisely as times are stored.
func (db *DB) Now() time.Time { return db.clock().UTC().Truncate(time.Millisecond) }

// Reader is what tells who may do what: the database, as it is at each call, or
// a transaction, until whose end it stays so.
type Reader interface {
	Now() time.Time
	Bearer(ctx context.Context, project, user, session string) (Bearer, error)
	Key(ctx context.Context, project, id string) (Key, error)
	KeyVersion(ctx context.Context, project string) (int64, error)
	User(ctx context.Context, project, id string) (User, error)
	Sessions(ctx context.Context, project, user string) ([]Session, error)
	AsksFactor(ctx context.Context, project string, u *User) (bool, error)
	Joined(ctx context.Context, project, user string) ([]Membership, error)
}

// Tx runs f in a transaction. It commits when f returns nil. Its methods see
// and make their changes as if no other were under way: SQLite takes the write
// lock at the begin, PostgreSQL locks the user or the project that they rest
// on. f must not use the DB, whose only connection it may hold, and may be
// called again where the transaction had to give way to another.
func (db *DB) Tx(ctx context.Context, f func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := unwritten(db.try(ctx, f))
		if err == nil || attempt == maxAttempts || !db.dialect.again(err) {
			return err
		}
		if ended := pause(ctx, attempt); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// try is one attempt of Tx.
func (db *DB) try(ctx context.Context, f func(*Tx) error) error {
	tx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := f(&Tx{tx: tx, db: db}); err != nil {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			return errors.Join(err, fmt.Errorf("store: rolling back: %w", rollback))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: committing: %w", err)
	}
	return nil
}

// exec runs a statement and says how many rows it changed.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.db.statements.Add(1)
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
		if t.db.dialect.duplicate(err) {
			return 0, ErrDuplicate
		}
		return 0, fmt.Errorf("store: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return n, nil
}

// lockProject keeps others from counting and numbering what is in a project
// until the transaction ends.
func (t *Tx) lockProject(ctx context.Context, project string) error {
	if t.db.dialect.lockProject == "" || t.lockedProject == project {
		return nil
	}
	var id string
	err := t.row(ctx, []any{&id}, t.db.dialect.lockProject, project)
	if errors.Is(err, ErrNotFound) { // what is about to be done will tell
		return nil
	}
	t.lockedProject = project
	return err
}

// insert runs an INSERT ... ON CONFLICT DO NOTHING; no row means ErrDuplicate.
// That is portable where the errors of violated constraints are not.
func (t *Tx) insert(ctx context.Context, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n == 0 {
		return ErrDuplicate
	}
	return err
}

// row runs a query for one row and scans it.
func (t *Tx) row(ctx context.Context, dest []any, query string, args ...any) error {
	t.db.statements.Add(1)
	return scan(t.tx.QueryRowContext(ctx, query, args...), dest)
}

// querier is what runs queries: a database, or one of its transactions.
type querier interface {
	row(ctx context.Context, dest []any, query string, args ...any) error
	rows(ctx context.Context, scanRow func(*sql.Rows) error, query string, args ...any) error
}

// rows runs a query; scanRow is called for each row.
func (t *Tx) rows(ctx context.Context, scanRow func(*sql.Rows) error, query string, args ...any) error {
	t.db.statements.Add(1)
	rows, err := t.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return each(rows, scanRow)
}

// row runs a query for one row by a prepared statement and scans it. Its rows
// are found by an index, sooner than database/sql has set up its watch for the
// end of the context, a goroutine for each query: so none is asked for. A
// context that has ended already is an error.
func (db *DB) row(ctx context.Context, dest []any, query string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return wrap(err)
	}
	if db.one != nil {
		db.statements.Add(1)
		return db.one.row(ctx, dest, query, args)
	}
	if db.Shared() {
		return db.sharedRow(ctx, dest, query, args)
	}
	stmt, err := db.prepare(ctx, query)
	if err != nil {
		return err
	}
	return scan(stmt.QueryRowContext(context.WithoutCancel(ctx), args...), dest)
}

// rows runs a query by a prepared statement; scanRow is called for each row.
func (db *DB) rows(ctx context.Context, scanRow func(*sql.Rows) error, query string, args ...any) error {
	if db.Shared() {
		return db.sharedRows(ctx, scanRow, query, args)
	}
	stmt, err := db.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return each(rows, scanRow)
}

// query is rows for a query whose text varies, which is not kept prepared: it is
// planned for its values, since how many rows meet a condition depends on them.
func (db *DB) query(ctx context.Context, scanRow func(*sql.Rows) error, query string, args ...any) error {
	if db.Shared() {
		return db.sharedRows(ctx, scanRow, query, append([]any{pgx.QueryExecModeCacheDescribe}, args...))
	}
	db.statements.Add(1)
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return each(rows, scanRow)
}

// each calls scanRow for each row.
func each(rows *sql.Rows, scanRow func(*sql.Rows) error) error {
	for rows.Next() {
		if err := scanRow(rows); err != nil {
			return errors.Join(fmt.Errorf("store: %w", err), rows.Close())
		}
	}
	return wrap(errors.Join(rows.Err(), rows.Close()))
}

// Statements says how many queries and changes have been run, transactions'
// begins and ends not counted: benchmarks tell what a request costs by it.
func (db *DB) Statements() int64 { return db.statements.Load() }

// prepare returns the statement of a query that is about to run, prepared at
// its first use: the queries of this package are constants, so there are few.
func (db *DB) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	db.statements.Add(1)
	if stmt, ok := db.reads.Load(query); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := db.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("store: preparing: %w", err)
	}
	if first, loaded := db.reads.LoadOrStore(query, stmt); loaded {
		return first.(*sql.Stmt), wrap(stmt.Close())
	}
	return stmt, nil
}

// scan scans a row; none is ErrNotFound.
func scan(row *sql.Row, dest []any) error {
	err := row.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return wrap(err)
}

// wrap says where an error comes from.
func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: %w", err)
}

// millis is a column of unix milliseconds, as a time in UTC. NULL is the zero
// time.
type millis struct{ to *time.Time }

// Scan implements sql.Scanner.
func (m millis) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*m.to = time.Time{}
	case int64:
		*m.to = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time is stored as %T, not as an integer", v)
	}
	return nil
}

// ms is a time as a parameter; the zero time is NULL.
func ms(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// optional is a text as a parameter; "" is NULL.
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list is a column of a JSON list of strings.
type list struct{ to *[]string }

// Scan implements sql.Scanner.
func (l list) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a list is stored as %T, not as text", v)
	}
	if s == "[]" { // nearly always
		*l.to = []string{}
		return nil
	}
	return json.Unmarshal([]byte(s), l.to)
}

// listText is a list of strings as a parameter.
func listText(l []string) string {
	if l == nil {
		l = []string{}
	}
	b, err := json.Marshal(l)
	if err != nil { // strings always encode
		panic(err)
	}
	return string(b)
}

// null is a nullable text column, as a string; NULL is "".
type null struct{ to *string }

// Scan implements sql.Scanner.
func (n null) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n.to = ""
	case string:
		*n.to = v
	default:
		return fmt.Errorf("a text is stored as %T, not as text", v)
	}
	return nil
}

// jsonText is a text column of JSON; NULL leaves the value as it is.
type jsonText struct{ to any }

// Scan implements sql.Scanner.
func (j jsonText) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), j.to)
	}
	return fmt.Errorf("JSON is stored as %T, not as text", v)
}

// jsonOf is JSON as a parameter, of what always encodes.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// micros is a column of microseconds, as a duration.
type micros struct{ to *time.Duration }

// Scan implements sql.Scanner.
func (m micros) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a duration is stored as %T, not as an integer", v)
	}
	*m.to = time.Duration(n) * time.Microsecond
	return nil
}
