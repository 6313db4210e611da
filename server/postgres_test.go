package server

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/server/internal/executions"
)

// storeVar says, with the value postgres, that the servers of the tests keep
// their data there.
const storeVar = "TEST_STORE"

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestOnPostgres runs this package's tests again, with servers that keep their
// data in PostgreSQL.
func TestOnPostgres(t *testing.T) {
	pgtest.Require(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// What has no server, or no other data than an address, is left out, and so
	// is this test itself.
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^Test", "-test.timeout=20m",
		"-test.skip=^(TestOnPostgres|TestDataIsPrivate|TestTokensAreNotKept|TestContextBoundsTheStartOnly|TestHealth.*OnDisk|TestFullDisk|TestInstances.*)$")
	cmd.Env = append(os.Environ(), storeVar+"=postgres")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// databases are those that stand for a data directory.
var databases sync.Map

// onPostgres moves the data of a server to PostgreSQL, in a run of the tests
// that is about it.
func onPostgres(t *testing.T, o *Options) {
	t.Helper()
	switch {
	case os.Getenv(storeVar) == "" || o.DatabaseURL != "":
		return
	case o.Memory:
		o.DatabaseURL = pgtest.New(t)
	default:
		dir := filepath.Clean(o.DataDir)
		url, known := databases.Load(dir)
		if !known {
			url = pgtest.Shared(t).NewDatabase(t) // whose parts may end before others begin
			databases.Store(dir, url)
		}
		o.DatabaseURL = url.(string)
	}
	o.Memory, o.DataDir = false, ""
	o.Lease = time.Hour // the tests look themselves
}

// openKeyring opens a keyring beside the server.
func (f *fixture) openKeyring() *Keyring {
	f.t.Helper()
	open, where := OpenKeyring, f.options.DataDir
	if f.options.DatabaseURL != "" {
		open, where = OpenDatabaseKeyring, f.options.DatabaseURL
	}
	keys, err := open(f.t.Context(), where)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if err := keys.Close(); err != nil {
			f.t.Error(err)
		}
	})
	return keys
}

// passLease lets so much time pass for the other instances, if there can be
// some, that those that are silent are taken for dead.
func (f *fixture) passLease() {
	f.t.Helper()
	if !f.db.Shared() {
		return
	}
	now := f.runs.LastLook()
	for range executions.BeatsALease + 2 {
		if err := f.runs.BeatAndLook(f.t.Context(), now); err != nil {
			f.t.Fatal(err)
		}
		now = now.Add(f.runs.LookPeriod())
	}
}
