package store

import (
	"context"
	"errors"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// Bounds of what is kept of windows that have ended.
const (
	// purgedHits is how many are deleted at once, so that no request pays for a
	// whole night's.
	purgedHits = 64
	// purgeAfter is how long ago they have ended: a clock that is set back so far
	// finds them full.
	purgeAfter = 2 * time.Hour
)

// Hits is what a bucket has counted.
type Hits struct {
	// Used is how many requests the window had counted before this one.
	Used int
	// Start is when the window began, Now the time of the count.
	Start, Now time.Time
}

// Hits returns what the window of now has counted in a bucket.
func (db *DB) Hits(ctx context.Context, project, bucket string, w limit.Fixed) (Hits, error) {
	now := db.Now()
	h := Hits{Start: w.Start(now), Now: now}
	// Of a window that lies ahead see hit.
	err := db.row(ctx, []any{&h.Used, millis{&h.Start}}, `SELECT hits, CASE WHEN starts_at > $1 THEN CAST($2 AS BIGINT) ELSE starts_at END
		FROM limit_hits WHERE project_id = $3 AND bucket = $4 AND starts_at >= $2`, ms(now.Add(maxStep)), ms(h.Start), project, bucket)
	if errors.Is(err, ErrNotFound) {
		return h, nil
	}
	return h, err
}

// Hit counts one more request in a bucket, unless the window of now is full:
// whether this one was, says limit.Fixed.Allows. Concurrent calls never count
// more than the limit.
func (db *DB) Hit(ctx context.Context, project, bucket string, w limit.Fixed) (h Hits, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		h, err = t.hit(ctx, project, bucket, w)
		if err != nil || h.Used > 0 {
			return err
		}
		return t.purgeHits(ctx) // each window that opens sees to some that have ended
	})
	return h, err
}

// hit counts one more request, the first one of a window in the place of the
// bucket's last one. It is one statement, so that nobody counts between.
//
// A window never goes back. Where the bucket's lies ahead, the clock was set
// back, or another server's is ahead: then it goes on, and its hits stay. One
// that lies further ahead than maxStep is moved to now with its hits, or those
// who have used it up would be shut out until then. A full window
// counts nothing more, and nothing is written.
func (t *Tx) hit(ctx context.Context, project, bucket string, w limit.Fixed) (Hits, error) {
	now := t.Now()
	h := Hits{Now: now}
	err := t.row(ctx, []any{&h.Used, millis{&h.Start}}, `INSERT INTO limit_hits (project_id, bucket, hits, starts_at, ends_at) VALUES ($1, $2, 1, $3, $4)
		ON CONFLICT (project_id, bucket) DO UPDATE SET
			hits = CASE WHEN limit_hits.starts_at < excluded.starts_at THEN 1
				WHEN limit_hits.hits < $5 THEN limit_hits.hits + 1 ELSE $5 + 1 END,
			starts_at = CASE WHEN limit_hits.starts_at BETWEEN excluded.starts_at AND $6 THEN limit_hits.starts_at ELSE excluded.starts_at END,
			ends_at = CASE WHEN limit_hits.starts_at BETWEEN excluded.starts_at AND $6 THEN limit_hits.ends_at ELSE excluded.ends_at END
		WHERE limit_hits.hits < $5 OR NOT limit_hits.starts_at BETWEEN excluded.starts_at AND $6
		RETURNING hits, starts_at`, project, bucket, ms(w.Start(now)), ms(w.End(now)), w.Limit, ms(now.Add(maxStep)))
	if errors.Is(err, ErrNotFound) { // it is full
		return h, t.row(ctx, []any{&h.Used, millis{&h.Start}}, `SELECT hits, starts_at FROM limit_hits WHERE project_id = $1 AND bucket = $2`, project, bucket)
	}
	h.Used--
	return h, err
}

// Unhit takes back one request that was counted, if its window is still the
// bucket's.
func (t *Tx) Unhit(ctx context.Context, project, bucket string, h Hits) error {
	_, err := t.exec(ctx, `UPDATE limit_hits SET hits = hits - 1 WHERE project_id = $1 AND bucket = $2 AND starts_at = $3 AND hits > 0`,
		project, bucket, ms(h.Start))
	return err
}

// purgeHits deletes some windows that have ended by everybody's clock.
func (t *Tx) purgeHits(ctx context.Context) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE (project_id, bucket) IN (
		SELECT project_id, bucket FROM limit_hits WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2`+t.db.dialect.takeFree+`)`, ms(t.Now().Add(-purgeAfter)), purgedHits)
	return err
}

// ForgetHits empties a bucket; it may be empty already.
func (t *Tx) ForgetHits(ctx context.Context, project, bucket string) error {
	_, err := t.exec(ctx, `DELETE FROM limit_hits WHERE project_id = $1 AND bucket = $2`, project, bucket)
	return err
}
