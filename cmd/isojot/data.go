package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server"
)

// dataFault says of an error about a data folder what to do about it; nil where
// it is about something else, or nothing is known.
func dataFault(dir string, err error) error {
	cause, ofFile := errors.AsType[*fs.PathError](err)
	lost, isLost := errors.AsType[*store.LostError](err)
	switch {
	case isLost:
		return lost
	case store.Damaged(err):
		return fmt.Errorf("the database %s is damaged (%w): move it away, with the files beside it that begin with its name, to begin anew, or put a backup in its place",
			filepath.Join(dir, store.FileName), err)
	case !ofFile || !errors.Is(err, server.ErrData):
		return nil
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s cannot be used by this user (%w): run isojot as the user whom it belongs to, give it to this one (chown -R), or name another folder", dir, cause)
	}
	return fmt.Errorf("%s cannot be used (%w): name a folder that can be made and written to", dir, cause)
}
