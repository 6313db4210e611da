package store

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Membership is that a user is in a team, or is invited to it.
type Membership struct {
	ID, TeamID, UserID string
	Roles              []string
	// Confirmed says that the user has joined.
	Confirmed bool
	InvitedAt time.Time
	// JoinedAt is zero for one that is not confirmed.
	JoinedAt time.Time
	// Invitation is the last one; zero where none was sent.
	Invitation Invitation

	CreatedAt, UpdatedAt time.Time
}

// Has reports whether somebody has joined, and has a role.
func (m *Membership) Has(role string) bool { return m.Confirmed && slices.Contains(m.Roles, role) }

// Invitation is what was sent to a user to join a team. Its secret is not in it:
// only the secret's hash is stored.
type Invitation struct {
	SecretHash string
	// Channel is ChannelMail or ChannelText, and Address the e-mail address or
	// phone number that it was sent to; both are "" for one that was not sent.
	Channel, Address string
	// SignsIn says that who accepts it is signed in.
	SignsIn bool
}

// membershipColumns are the columns of a Membership; dest is where they go.
const membershipColumns = `m.id, m.team_id, m.user_id, m.roles, m.confirmed, m.invited_at, m.joined_at,
	m.secret_hash, m.channel, m.address, m.signs_in, m.created_at, m.updated_at`

func (m *Membership) dest() []any {
	i := &m.Invitation
	return []any{&m.ID, &m.TeamID, &m.UserID, list{&m.Roles}, &m.Confirmed, millis{&m.InvitedAt}, millis{&m.JoinedAt},
		&i.SecretHash, &i.Channel, &i.Address, &i.SignsIn, millis{&m.CreatedAt}, millis{&m.UpdatedAt}}
}

// The methods of Tx that change a membership rest on Tx.Team having locked its
// team, and tell the team how many have joined.

// InsertMembership stores a new membership. A user who has one in the team
// already is ErrDuplicate, an unknown one ErrNotFound.
func (t *Tx) InsertMembership(ctx context.Context, project string, m Membership) error {
	if err := t.mustHaveUser(ctx, project, m.UserID); err != nil { // who is deleted with what is stored by then
		return err
	}
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	i := m.Invitation
	err := t.insert(ctx, `INSERT INTO memberships (project_id, id, team_id, user_id, roles, confirmed, invited_at, joined_at,
		secret_hash, channel, address, signs_in, created_at, updated_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
			(SELECT COALESCE(MAX(seq), 0) + 1 FROM memberships WHERE project_id = $1)) ON CONFLICT DO NOTHING`,
		project, m.ID, m.TeamID, m.UserID, listText(m.Roles), bit(m.Confirmed), ms(m.InvitedAt), ms(m.JoinedAt),
		i.SecretHash, i.Channel, i.Address, bit(i.SignsIn), ms(m.CreatedAt), ms(m.UpdatedAt))
	if err != nil || !m.Confirmed {
		return err
	}
	return t.addMembers(ctx, project, m.TeamID, 1)
}

// Invite stores that a user who has not joined was invited again, now: earlier
// invitations are worth nothing then. Others are ErrNotFound.
func (t *Tx) Invite(ctx context.Context, project, id string, i Invitation) error {
	return found(t.exec(ctx, `UPDATE memberships SET secret_hash = $1, channel = $2, address = $3, signs_in = $4,
		invited_at = `+notBefore("invited_at", 5)+`, updated_at = `+notBefore("updated_at", 5)+`
		WHERE project_id = $6 AND id = $7 AND confirmed = 0`,
		i.SecretHash, i.Channel, i.Address, bit(i.SignsIn), ms(t.Now()), project, id))
}

// Join stores that a user who was invited to a team joins it, now. One who has
// joined is ErrNotFound.
func (t *Tx) Join(ctx context.Context, project, team, id string) error {
	err := found(t.exec(ctx, `UPDATE memberships SET confirmed = 1, joined_at = $1, updated_at = `+notBefore("updated_at", 1)+`
		WHERE project_id = $2 AND team_id = $3 AND id = $4 AND confirmed = 0`, ms(t.Now()), project, team, id))
	if err != nil {
		return err
	}
	return t.addMembers(ctx, project, team, 1)
}

// SetRoles replaces the roles of a membership; an unknown one is ErrNotFound.
func (t *Tx) SetRoles(ctx context.Context, project, id string, roles []string) error {
	return found(t.exec(ctx, `UPDATE memberships SET roles = $1, updated_at = `+notBefore("updated_at", 2)+`
		WHERE project_id = $3 AND id = $4`, listText(roles), ms(t.Now()), project, id))
}

// DeleteMembership deletes a membership; an unknown one is ErrNotFound.
func (t *Tx) DeleteMembership(ctx context.Context, project, id string) error {
	n, err := t.leave(ctx, project, `id`, id)
	return found(int64(n), err)
}

// leaveTeams deletes the memberships of a user, who is locked.
func (t *Tx) leaveTeams(ctx context.Context, project, user string) error {
	if lock := t.db.dialect.lockRow; lock != "" {
		err := t.rows(ctx, func(*sql.Rows) error { return nil }, `SELECT t.id FROM teams t WHERE t.project_id = $1 AND t.id IN (
			SELECT m.team_id FROM memberships m WHERE m.project_id = $1 AND m.user_id = $2) ORDER BY t.id`+lock, project, user)
		if err != nil {
			return err
		}
	}
	_, err := t.leave(ctx, project, `user_id`, user)
	return err
}

// leave deletes the memberships of which a column has a value, and says how many
// they were. It takes from the totals what it has deleted.
func (t *Tx) leave(ctx context.Context, project, column, value string) (n int, err error) {
	var left []string
	err = t.rows(ctx, func(rows *sql.Rows) error {
		var team string
		var confirmed bool
		err := rows.Scan(&team, &confirmed)
		if n++; confirmed {
			left = append(left, team)
		}
		return err
	}, `DELETE FROM memberships WHERE project_id = $1 AND `+column+` = $2 RETURNING team_id, confirmed`, project, value)
	for _, team := range left {
		if err == nil {
			err = t.addMembers(ctx, project, team, -1)
		}
	}
	return n, err
}

// endInvitations lets no invitation of a user sign in any more.
func (t *Tx) endInvitations(ctx context.Context, project, user string) error {
	_, err := t.exec(ctx, `UPDATE memberships SET signs_in = 0 WHERE project_id = $1 AND user_id = $2 AND signs_in = 1`, project, user)
	return err
}

// Membership returns a membership, or ErrNotFound.
func (db *DB) Membership(ctx context.Context, project, id string) (Membership, error) {
	return membership(ctx, db, membershipByID, project, id)
}

// Membership is the same in a transaction.
func (t *Tx) Membership(ctx context.Context, project, id string) (Membership, error) {
	return membership(ctx, t, membershipByID, project, id)
}

// MembershipOf returns the membership of a user in a team, or ErrNotFound.
func (db *DB) MembershipOf(ctx context.Context, project, team, user string) (Membership, error) {
	return membership(ctx, db, membershipOf, project, team, user)
}

// MembershipOf is the same in a transaction.
func (t *Tx) MembershipOf(ctx context.Context, project, team, user string) (Membership, error) {
	return membership(ctx, t, membershipOf, project, team, user)
}

const (
	membershipByID = `SELECT ` + membershipColumns + ` FROM memberships m WHERE m.project_id = $1 AND m.id = $2`
	membershipOf   = `SELECT ` + membershipColumns + ` FROM memberships m WHERE m.project_id = $1 AND m.team_id = $2 AND m.user_id = $3`
)

func membership(ctx context.Context, from querier, query string, args ...any) (m Membership, err error) {
	err = from.row(ctx, m.dest(), query, args...)
	return m, err
}

// Joined returns the memberships of a user that are confirmed, the oldest first.
func (db *DB) Joined(ctx context.Context, project, user string) ([]Membership, error) {
	return joined(ctx, db, "", project, user)
}

// Joined is the same in a transaction, until whose end they stay as they are.
func (t *Tx) Joined(ctx context.Context, project, user string) ([]Membership, error) {
	return joined(ctx, t, t.db.dialect.holdRow, project, user)
}

func joined(ctx context.Context, from querier, hold, project, user string) (all []Membership, err error) {
	err = from.rows(ctx, func(rows *sql.Rows) error {
		var m Membership
		err := rows.Scan(m.dest()...)
		all = append(all, m)
		return err
	}, `SELECT `+membershipColumns+` FROM memberships m WHERE m.project_id = $1 AND m.user_id = $2 AND m.confirmed = 1 ORDER BY m.seq`+hold,
		project, user)
	return all, err
}
