package store

import (
	"context"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// countCreations counts a user's creations in (since, now]. Later ones exist
// when the clock was set back: they count again when it gets there. Those that
// another clock may have made now count (dialect.skew).
const countCreations = `SELECT COUNT(*), MIN(created_at) FROM jwt_creations
	WHERE project_id = $1 AND user_id = $2 AND created_at > $3 AND created_at <= $4`

// JWTCreations says how much of the window the user's creations have used.
func (db *DB) JWTCreations(ctx context.Context, project, user string, w limit.Window, now time.Time) (limit.Usage, error) {
	var u limit.Usage
	err := db.row(ctx, []any{&u.Count, millis{&u.Oldest}}, countCreations,
		project, user, ms(w.Since(now)), ms(now.Add(db.dialect.skew)))
	return u, err
}

// AddJWTCreation counts one more creation of the user, unless the window is
// full; added says which. The usage includes the new one. Concurrent calls
// never add more than the limit. A user who is gone is ErrNotFound.
func (db *DB) AddJWTCreation(ctx context.Context, project, user, id string, w limit.Window, now time.Time) (u limit.Usage, added bool, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		added = false
		if err := t.mustHaveUser(ctx, project, user); err != nil {
			return err
		}
		since := ms(w.Since(now))
		_, err := t.exec(ctx, `DELETE FROM jwt_creations WHERE project_id = $1 AND user_id = $2 AND created_at <= $3`,
			project, user, since)
		if err != nil {
			return err
		}
		if err := t.row(ctx, []any{&u.Count, millis{&u.Oldest}}, countCreations, project, user, since, ms(now.Add(db.dialect.skew))); err != nil {
			return err
		}
		if u.Count >= w.Limit {
			return nil
		}
		added = true
		u.Count++
		if u.Oldest.IsZero() {
			u.Oldest = now.Truncate(time.Millisecond) // as stored
		}
		return t.insert(ctx, `INSERT INTO jwt_creations (project_id, user_id, id, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, project, user, id, ms(now))
	})
	return u, added && err == nil, err
}
