package store

import (
	"context"
	"database/sql"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
)

// dialect is all that differs between the databases, apart from how they are
// opened: the SQL text is one.
type dialect struct {
	// goose names the database to the migrations; files is how it reads theirs.
	goose goose.Dialect
	files func(fs.FS) fs.FS
	// options are further ones of the migrations.
	options func() ([]goose.ProviderOption, error)
	// isolation is that of transactions. Where it is less than serializable,
	// what a change rests on is locked before it is read.
	isolation sql.IsolationLevel
	// lockRow ends a query of a transaction whose row nobody else may change
	// until the transaction ends.
	lockRow string
	// holdRow ends a query of a transaction whose row nobody may change until
	// the transaction ends; others may hold it too.
	holdRow string
	// takeFree is lockRow for queries that leave out what others have locked.
	takeFree string
	// lockProject is the query that locks a project; "" where a transaction
	// has the whole database to itself.
	lockProject string
	// few is how many rows are looked up and sorted for a page of a list; 0 leaves
	// that to the database, which knows how many rows a condition holds for.
	few int
	// duplicate says that an error is that of a unique key that is taken.
	duplicate func(error) bool
	// again says that a transaction failed for no other reason than another
	// one, has changed nothing, and may succeed when it is run again.
	again func(error) bool
}

// Bounds of running a transaction again.
const (
	maxAttempts = 8
	firstPause  = 4 * time.Millisecond // the longest before the second attempt; it doubles
)

// pause waits before a transaction's next attempt, for a random time so that
// those that were in each other's way do not meet again. It ends early with the
// context.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(firstPause << (attempt - 1)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
