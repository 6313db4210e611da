package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bounds of connections to PostgreSQL, unless the URL or the environment says
// otherwise.
const (
	// DefaultConnections is how many an instance has at most.
	DefaultConnections = 10
	connectTimeout     = 10 * time.Second
	statementTimeout   = 10 * time.Second
	idleInTransaction  = 30 * time.Second
	// silence is how long a server may say nothing while a statement runs: a
	// little longer than the statement may.
	silence = statementTimeout + 5*time.Second
	// idleTime is how long a connection that nobody uses is kept.
	idleTime = 5 * time.Minute
	// descriptions is how many queries' descriptions a connection keeps.
	descriptions = 512
)

// OpenPostgres opens the database of a postgres:// URL, with so many
// connections at most (0: DefaultConnections), and brings its schema up to
// date. Several instances may do so at once. No error has the URL's password.
func OpenPostgres(ctx context.Context, databaseURL string, connections int, clock func() time.Time) (*DB, error) {
	return openPostgres(ctx, databaseURL, connections, clock, silence)
}

func openPostgres(ctx context.Context, databaseURL string, connections int, clock func() time.Time, silence time.Duration) (*DB, error) {
	config, err := parsePostgres(databaseURL)
	if err != nil {
		return nil, err
	}
	target := newTarget(config)
	if err := target.prepare(ctx, config); err != nil {
		return nil, err
	}
	config.DialFunc = dialer(config.ConnectTimeout, silence)
	pool := sql.OpenDB(newConnector(config, target))
	n := cmp.Or(connections, DefaultConnections)
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxIdleTime(idleTime)
	return &DB{dialect: postgres, clock: clock, write: pool, read: pool, target: target.String()}, nil
}

// Target is where a PostgreSQL database is, without who connects; "" for others.
func (db *DB) Target() string { return db.target }

// UsedPostgres reports whether the database of a URL has a schema, of whatever
// version.
func UsedPostgres(ctx context.Context, databaseURL string) (used bool, err error) {
	config, err := parsePostgres(databaseURL)
	if err != nil {
		return false, err
	}
	pool := sql.OpenDB(newConnector(config, newTarget(config)))
	err = pool.QueryRowContext(ctx, `SELECT to_regclass('projects') IS NOT NULL`).Scan(&used)
	return used, errors.Join(wrap(err), wrap(pool.Close()))
}

// prepare tries the connection and migrates, by connections of its own whose
// statements may take as long as they need.
func (t target) prepare(ctx context.Context, config *pgx.ConnConfig) error {
	patient := config.Copy()
	delete(patient.RuntimeParams, "statement_timeout")
	patient.DialFunc = dialer(config.ConnectTimeout, 0)
	pool := sql.OpenDB(newConnector(patient, t))
	pool.SetMaxIdleConns(1)
	err := t.checkEncoding(ctx, pool)
	if err == nil {
		err = postgres.migrate(ctx, pool)
	}
	return errors.Join(err, wrap(pool.Close()))
}

// checkEncoding refuses databases that cannot hold every text.
func (t target) checkEncoding(ctx context.Context, pool *sql.DB) error {
	var encoding string
	if err := pool.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return wrap(err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("store: the database at %s holds text in %s: use one that was made with ENCODING 'UTF8'", t, encoding)
	}
	return nil
}

// CheckPostgresURL says what is wrong with the URL of a database, without the
// URL.
func CheckPostgresURL(databaseURL string) error {
	_, err := parsePostgres(databaseURL)
	return err
}

// parsePostgres reads the URL of a database, and the environment as psql does.
func parsePostgres(databaseURL string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(databaseURL, "postgres://") && !strings.HasPrefix(databaseURL, "postgresql://") {
		return nil, errors.New("store: the database's URL does not begin with postgres://: use one such as postgres://user@host:5432/database")
	}
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil { // whose text may have the password
		return nil, errors.New("store: the database's URL is not valid: use one such as postgres://user:password@host:5432/database?sslmode=verify-full, with %XX for other characters than letters and digits in the password")
	}
	if !asked(databaseURL, "connect_timeout", "PGCONNECT_TIMEOUT") {
		config.ConnectTimeout = connectTimeout
	}
	for name, value := range map[string]string{
		"application_name":                    "isojot",
		"statement_timeout":                   milliseconds(statementTimeout),
		"idle_in_transaction_session_timeout": milliseconds(idleInTransaction),
	} {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	config.RuntimeParams["client_encoding"] = "UTF8"
	if config.DescriptionCacheCapacity == 0 { // which lists need
		config.DescriptionCacheCapacity = descriptions
	}
	return config, nil
}

// asked reports whether the URL or the environment has a setting.
func asked(databaseURL, name, variable string) bool {
	u, err := url.Parse(databaseURL)
	return err == nil && u.Query().Has(name) || os.Getenv(variable) != ""
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// target is the database that is meant, for people to read.
type target struct {
	address, database string
	password          string // which must not be read
}

func newTarget(config *pgx.ConnConfig) target {
	var all []string
	add := func(host string, port uint16) {
		address := net.JoinHostPort(host, strconv.Itoa(int(port)))
		if len(all) == 0 || all[len(all)-1] != address { // with TLS and without, it is one
			all = append(all, address)
		}
	}
	add(config.Host, config.Port)
	for _, other := range config.Fallbacks {
		add(other.Host, other.Port)
	}
	return target{strings.Join(all, ","), cmp.Or(config.Database, config.User), config.Password}
}

// String is where the database is, without who connects.
func (t target) String() string { return "postgres://" + t.address + "/" + t.database }
