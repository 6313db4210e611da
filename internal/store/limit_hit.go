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

// Hits says how many requests the window of now has counted in a bucket.
func (db *DB) Hits(ctx context.Context, project, bucket string, w limit.Fixed, now time.Time) (n int, err error) {
	err = db.row(ctx, []any{&n}, `SELECT hits FROM limit_hits WHERE project_id = $1 AND bucket = $2 AND starts_at = $3`,
		project, bucket, ms(w.Start(now)))
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
		n, err := t.hit(ctx, project, bucket, w, now)
		switch {
		case errors.Is(err, ErrNotFound):
			used = w.Limit
			return nil
		case err != nil:
			return err
		}
		if used = n - 1; used > 0 {
			return nil
		}
		return t.purgeHits(ctx, now) // each window that opens sees to some that have ended
	})
	return used, err
}

// hit counts one more request, the first one of a window in the place of the
// bucket's last one, and returns how many there are then. A full window is
// ErrNotFound. It is one statement, so that nobody counts between. The window
// that another clock has opened already is the next one, and goes on.
func (t *Tx) hit(ctx context.Context, project, bucket string, w limit.Fixed, now time.Time) (n int, err error) {
	err = t.row(ctx, []any{&n}, `INSERT INTO limit_hits (project_id, bucket, hits, starts_at, ends_at) VALUES ($1, $2, 1, $3, $4)
		ON CONFLICT (project_id, bucket) DO UPDATE SET
			hits = CASE WHEN limit_hits.starts_at BETWEEN excluded.starts_at AND $5 THEN limit_hits.hits + 1 ELSE 1 END,
			starts_at = CASE WHEN limit_hits.starts_at BETWEEN excluded.starts_at AND $5 THEN limit_hits.starts_at ELSE excluded.starts_at END,
			ends_at = CASE WHEN limit_hits.starts_at BETWEEN excluded.starts_at AND $5 THEN limit_hits.ends_at ELSE excluded.ends_at END
		WHERE NOT limit_hits.starts_at BETWEEN excluded.starts_at AND $5 OR limit_hits.hits < $6
		RETURNING hits`, project, bucket, ms(w.Start(now)), ms(w.End(now)), ms(w.Start(now.Add(t.db.dialect.skew))), w.Limit)
	return n, err
}

// purgeHits deletes some windows that have ended by everybody's clock.
func (t *Tx) purgeHits(ctx context.Context, now time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE (project_id, bucket) IN (
		SELECT project_id, bucket FROM limit_hits WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2`+t.db.dialect.takeFree+`)`, ms(now.Add(-t.db.dialect.skew)), purgedHits)
	return err
}

// ForgetHits empties a bucket; it may be empty already.
func (t *Tx) ForgetHits(ctx context.Context, project, bucket string) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE project_id = $1 AND bucket = $2`, project, bucket)
	return err
}

// UserCount says how many users a project has, counting no further than most.
// Nobody else adds one until the transaction ends.
func (t *Tx) UserCount(ctx context.Context, project string, most int) (int, error) {
	if err := t.lockProject(ctx, project); err != nil {
		return 0, err
	}
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE project_id = $1 LIMIT $2) AS counted`, project, most)
	return n, err
}
