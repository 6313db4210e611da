// Package pgtest gives tests PostgreSQL databases of their own, in a server of
// its own: made in a temporary folder, on a free port of this machine, ended
// with the tests. No installed service is touched.
//
// Where PostgreSQL is not installed, the tests are skipped; with the
// environment variable TEST_POSTGRES=require they fail.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// modeVar is the environment variable; require is what it says where PostgreSQL
// has to be there.
const (
	modeVar = "TEST_POSTGRES"
	require = "require"
)

// howTo says how to run what was skipped.
const howTo = "install PostgreSQL's server (of Debian and Ubuntu the package postgresql), as make test does, which also sets " + modeVar + "=" + require

// patience is how long anything may take on a busy machine.
const patience = time.Minute

// shared is the server that the tests of a program share.
var shared struct {
	once    sync.Once
	cluster *Cluster
	err     error
}

// Main runs the tests of a package and ends the server that they have used. It
// returns the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.cluster != nil {
		shared.cluster.Remove()
	}
	return code
}

// New returns the URL of a database that has no rows, as its owner connects, who
// may nothing else. When the test ends, another one gets it: making one takes
// far longer than emptying it. So its tables may be there already, and tests
// that change those take a NewDatabase. The package needs a TestMain that calls
// Main.
func New(t testing.TB) string {
	t.Helper()
	c := Shared(t)
	url := c.takeFree()
	if url == "" {
		url = c.NewDatabase(t)
	}
	t.Cleanup(func() {
		c.AdminIn(t, url, emptyAll)
		c.giveFree(url)
	})
	return url
}

// emptyAll empties the tables, but for that of the migrations. What refers to
// their rows is deleted with them.
const emptyAll = `DO $$ DECLARE name TEXT; BEGIN
	FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' LOOP
		EXECUTE format('DELETE FROM %I', name);
	END LOOP;
END $$`

// takeFree takes a database that no test uses; "" when there is none.
func (c *Cluster) takeFree() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) == 0 {
		return ""
	}
	last := len(c.free) - 1
	url := c.free[last]
	c.free = c.free[:last]
	return url
}

func (c *Cluster) giveFree(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, url)
}

// Require skips the test where PostgreSQL is not installed, as New does, without
// starting anything.
func Require(t testing.TB) {
	t.Helper()
	_, err := programs()
	mustHave(t, nil, err)
}

// Shared is the server that the tests share, for those who do nothing to it.
func Shared(t testing.TB) *Cluster {
	t.Helper()
	shared.once.Do(func() { shared.cluster, shared.err = start() })
	return mustHave(t, shared.cluster, shared.err)
}

// NewCluster starts a server for one test, which may stop it.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := start()
	mustHave(t, c, err)
	t.Cleanup(c.Remove)
	return c
}

// mustHave skips the test where PostgreSQL is not installed.
func mustHave(t testing.TB, c *Cluster, err error) *Cluster {
	t.Helper()
	switch {
	case errors.Is(err, errAbsent) && os.Getenv(modeVar) != require:
		t.Skipf("skipped: %v; to run it, %s", err, howTo)
	case err != nil:
		t.Fatalf("PostgreSQL: %v", err)
	}
	return c
}

// NewDatabase makes an empty database, that ends with the server.
func (c *Cluster) NewDatabase(t testing.TB) string {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text())
	c.Admin(t, `CREATE DATABASE `+name+` OWNER `+owner)
	return c.url(owner, c.ownerPassword, name)
}

// Admin runs statements as the administrator.
func (c *Cluster) Admin(t testing.TB, statements ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.admin(ctx, "postgres", statements...); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
}

// AdminIn is Admin in the database of a URL.
func (c *Cluster) AdminIn(t testing.TB, databaseURL string, statements ...string) {
	t.Helper()
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		t.Fatal("PostgreSQL: the URL is not valid")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.admin(ctx, config.Database, statements...); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
}

func (c *Cluster) admin(ctx context.Context, database string, statements ...string) error {
	conn, err := pgx.Connect(ctx, c.url(superuser, c.superPassword, database))
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return errors.Join(err, conn.Close(ctx))
		}
	}
	return conn.Close(ctx)
}
