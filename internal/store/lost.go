package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LostError says that a database is missing or empty, and that the files beside
// it are those of one that was not. SQLite would delete them and begin anew.
type LostError struct {
	// File is the path of the database.
	File string
	// Missing says that there is no such file; otherwise it is empty.
	Missing bool
	// Beside are the names of the files that its last use has left.
	Beside []string
}

// Error implements error.
func (e *LostError) Error() string {
	state := "empty"
	if e.Missing {
		state = "missing"
	}
	beside := strings.Join(e.Beside, " and ")
	return fmt.Sprintf("the database %s is %s, but what was written to it last is in %s beside it: it was moved or deleted, or a copy of it was cut short; "+
		"put it back, or a backup in place of all these files; to begin anew, and lose what they hold, move %s away", e.File, state, beside, beside)
}

// Used reports whether there is a database in dir. An empty file is none: that is
// what a start leaves that ended before its first write.
func Used(dir string) (bool, error) {
	path := filepath.Join(dir, FileName)
	// These are looked at first: a server that starts meanwhile begins them when
	// the database is no longer empty.
	var beside []string
	for _, suffix := range []string{"-wal", "-shm"} {
		if size, err := sizeOf(path + suffix); err == nil && size > 0 {
			beside = append(beside, FileName+suffix)
		}
	}
	size, err := sizeOf(path)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return false, err
	case size > 0:
		return true, nil
	case len(beside) > 0:
		return false, &LostError{path, missing, beside}
	}
	return false, nil
}

// sizeOf returns the size of a file, 0 where there is none.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
