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

// New makes an empty database, which is dropped when the test ends, and returns
// the URL by which its owner connects, who may nothing else. The package needs a
// TestMain that calls Main.
func New(t testing.TB) string {
	t.Helper()
	return Shared(t).NewDatabase(t)
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

// NewDatabase is New in this server.
func (c *Cluster) NewDatabase(t testing.TB) string {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text())
	c.Admin(t, `CREATE DATABASE `+name+` OWNER `+owner)
	t.Cleanup(func() { c.drop(t, name) })
	return c.url(owner, c.ownerPassword, name)
}

// drop drops a database with its connections, unless the server was stopped.
func (c *Cluster) drop(t testing.TB, name string) {
	if c.Running() {
		c.Admin(t, `DROP DATABASE `+name+` WITH (FORCE)`)
	}
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
