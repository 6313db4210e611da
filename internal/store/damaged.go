package store

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// Damaged reports whether err says that the database file is none, or that its
// contents contradict each other: nothing but another file helps.
func Damaged(err error) bool {
	return errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT)
}

// unwritten says of an error that something could not be written what to look
// for: SQLite's text is "disk I/O error", also where the disk is full.
func unwritten(err error) error {
	for _, code := range []error{sqlite3.FULL, sqlite3.IOERR_WRITE, sqlite3.IOERR_FSYNC, sqlite3.IOERR_SHMSIZE} {
		if errors.Is(err, code) {
			return fmt.Errorf("the disk of the data is full, or fails: %w", err)
		}
	}
	return err
}
