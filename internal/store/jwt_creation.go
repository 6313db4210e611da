package store

import (
	"context"
	"time"

	"github.com/isojot/isojot/internal/limit"
)

// maxStep is how far a clock that is set back opens no window again: what has
// been counted so far in the future still counts. What is further away was
// counted by a clock that was wrong, and counts as if it had happened now, or
// it would shut its user out for as long.
const maxStep = 24 * time.Hour

// countCreations counts a user's creations after a time, those included that
// seem to lie ahead. The newest of them tells how far the window has got.
const countCreations = `SELECT COUNT(*), MIN(created_at), MAX(created_at) FROM jwt_creations
	WHERE project_id = $1 AND user_id = $2 AND created_at > $3`

// JWTCreations returns how much of the window the user's creations have used,
// and the time by which that was reckoned.
func (db *DB) JWTCreations(ctx context.Context, project, user string, w limit.Window) (limit.Usage, time.Time, error) {
	now := db.Now()
	u, at, err := usageAt(ctx, db, project, user, w, now)
	if at.After(now.Add(maxStep)) { // AddJWTCreation sees to it
		u = limit.Usage{}
	}
	return u, now, err
}

// AddJWTCreation counts one more creation of the user, unless the window is
// full; added says which. The usage includes the new one. Concurrent calls
// never add more than the limit, and the window never goes back: a clock that
// is set back finds what was counted before. A user who is gone is ErrNotFound.
func (t *Tx) AddJWTCreation(ctx context.Context, project, user, id string, w limit.Window) (u limit.Usage, added bool, err error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return u, false, err
	}
	u, at, err := t.usage(ctx, project, user, w)
	if err != nil || u.Count >= w.Limit {
		return u, false, err
	}
	_, err = t.exec(ctx, `DELETE FROM jwt_creations WHERE project_id = $1 AND user_id = $2 AND created_at <= $3`, project, user, ms(w.Since(at)))
	if err != nil {
		return u, false, err
	}
	u.Count++
	if u.Oldest.IsZero() {
		u.Oldest = at
	}
	err = t.insert(ctx, `INSERT INTO jwt_creations (project_id, user_id, id, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, project, user, id, ms(at))
	return u, err == nil, err
}

// usage returns what the window holds, and at what time: at that of the newest
// creation, where that is ahead. Those that are too far ahead count as of now.
func (t *Tx) usage(ctx context.Context, project, user string, w limit.Window) (limit.Usage, time.Time, error) {
	u, at, err := usageAt(ctx, t, project, user, w, t.Now())
	if err != nil || !at.After(t.Now().Add(maxStep)) {
		return u, at, err
	}
	_, err = t.exec(ctx, `UPDATE jwt_creations SET created_at = $1 WHERE project_id = $2 AND user_id = $3 AND created_at > $4`,
		ms(t.Now()), project, user, ms(t.Now().Add(maxStep)))
	if err != nil {
		return u, at, err
	}
	return usageAt(ctx, t, project, user, w, t.Now())
}

func usageAt(ctx context.Context, from querier, project, user string, w limit.Window, at time.Time) (u limit.Usage, newest time.Time, err error) {
	for {
		err := from.row(ctx, []any{&u.Count, millis{&u.Oldest}, millis{&newest}}, countCreations, project, user, ms(w.Since(at)))
		if err != nil || !newest.After(at) {
			return u, at, err
		}
		at = newest
	}
}
