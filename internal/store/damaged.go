package store

import (
	"errors"

	"github.com/ncruces/go-sqlite3"
)

// Damaged reports whether err says that the database file is none, or that its
// contents contradict each other: nothing but another file helps.
func Damaged(err error) bool {
	return errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT)
}
