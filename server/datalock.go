package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/isojot/isojot/internal/store"
)

// lockName is the file in a data directory that its server keeps locked. The
// system takes the lock away from a process that ends, however it does.
const lockName = "isojot.lock"

// openDir opens the data directory, which one server uses at a time: what
// another has under way would look to this one like what a server left that has
// died. Keyrings do not care.
func (s *Server) openDir(ctx context.Context, dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	s.lock = flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	switch locked, err := s.lock.TryLock(); {
	case err != nil:
		return fmt.Errorf("locking the data directory: %w", err)
	case !locked:
		return fmt.Errorf("another server uses the data directory %q: stop that one, or choose another directory (--data)", dir)
	}
	if s.db, err = store.Open(ctx, dir, s.now); err != nil {
		return errors.Join(err, s.lock.Unlock())
	}
	return nil
}

// unlock lets go of the data directory, if there is one.
func (s *Server) unlock() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Unlock()
}
