package store

import "context"

// Ping asks the database for something that it must read from its file.
func (db *DB) Ping(ctx context.Context) error {
	var n int
	return db.row(ctx, []any{&n}, `SELECT COUNT(*) FROM projects`)
}
