package store

import (
	"context"
	"errors"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// purgedHits bounds how many ended windows are deleted at once, so that no
// request pays for a whole night's.
const purgedHits = 64

const hitsOf = `SELECT hits FROM limit_hits WHERE project_id = $1 AND bucket = $2 AND starts_at = $3`

// Hits says how many requests the window of now has counted in a bucket.
func (db *DB) Hits(ctx context.Context, project, bucket string, w limit.Fixed, now time.Time) (int, error) {
	return hits(func(dest ...any) error { return db.row(ctx, dest, hitsOf, project, bucket, ms(w.Start(now))) })
}

// hits reads a counter by a function that runs hitsOf; none is 0.
func hits(row func(dest ...any) error) (int, error) {
	var n int
	err := row(&n)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// Hit counts one more request in a bucket, unless the window of now is full.
// It returns how many had been counted before, which says whether this one
// was (limit.Fixed.Allows). Concurrent calls never count more than the limit.
func (db *DB) Hit(ctx context.Context, project, bucket string, w limit.Fixed, now time.Time) (used int, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		start := ms(w.Start(now))
		used, err = hits(func(dest ...any) error { return t.row(ctx, dest, hitsOf, project, bucket, start) })
		switch {
		case err != nil || !w.Allows(used):
			return err
		case used == 0:
			return t.openWindow(ctx, project, bucket, w, now)
		}
		_, err := t.exec(ctx, `UPDATE limit_hits SET hits = hits + 1 WHERE project_id = $1 AND bucket = $2`, project, bucket)
		return err
	})
	return used, err
}

// openWindow counts the first request of a window, in the place of the
// bucket's last one, and deletes some windows that have ended.
func (t *Tx) openWindow(ctx context.Context, project, bucket string, w limit.Fixed, now time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE (project_id, bucket) IN (
		SELECT project_id, bucket FROM limit_hits WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)`, ms(now), purgedHits)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO limit_hits (project_id, bucket, hits, starts_at, ends_at) VALUES ($1, $2, 1, $3, $4)
		ON CONFLICT (project_id, bucket) DO UPDATE SET hits = 1, starts_at = excluded.starts_at, ends_at = excluded.ends_at`,
		project, bucket, ms(w.Start(now)), ms(w.End(now)))
	return err
}

// ForgetHits empties a bucket; it may be empty already.
func (t *Tx) ForgetHits(ctx context.Context, project, bucket string) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE project_id = $1 AND bucket = $2`, project, bucket)
	return err
}

// UserCount says how many users a project has, counting no further than most.
func (t *Tx) UserCount(ctx context.Context, project string, most int) (int, error) {
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE project_id = $1 LIMIT $2) AS some`, project, most)
	return n, err
}
