package store

import (
	"testing"
)

func TestUserCount(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed(t, db)
		for most, want := range map[int]int{5: 1, 1: 1, 0: 0} {
			err := db.Tx(t.Context(), func(tx *Tx) error {
				n, err := tx.UserCount(t.Context(), "demo", most)
				if err == nil && n != want {
					t.Errorf("at most %d: %d, want %d", most, n, want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
