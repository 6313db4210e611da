package store

import (
	"context"
	"database/sql"
	"time"
)

// MembershipColumns are the columns that memberships can be listed by, by the
// names of their members in the API. The indexes are those of a team's.
var MembershipColumns = map[string]Column{
	"$id":        {expr: "m.id", indexed: true, unique: true},
	"$createdAt": {expr: "m.created_at", Kind: KindTime, indexed: true},
	"$updatedAt": {expr: "m.updated_at", Kind: KindTime, indexed: true},
	"$sequence":  {expr: "m.seq", Kind: KindInt, indexed: true, unique: true},
	"userId":     {expr: "m.user_id", indexed: true},
	"teamId":     {expr: "m.team_id"},
	"invited":    {expr: "m.invited_at", Kind: KindTime, indexed: true},
	"joined":     {expr: "m.joined_at", Kind: KindTime, key: "COALESCE(m.joined_at, -1)", missing: int64(-1), indexed: true},
	"confirm":    {expr: "m.confirmed", Kind: KindBool, indexed: true},
	"roles":      {expr: "m.roles", Kind: KindList},
}

// membershipText is what a search of memberships looks through.
var membershipText = Column{expr: "(' ' || m.id || ' ' || m.user_id || ' ')"}

// MembershipSearch is the condition that each word of the text occurs in the id of
// a membership or of its user, as UserSearch reads it.
func MembershipSearch(text string) Condition { return textSearch(membershipText, text) }

// MembershipsOf says whose memberships are listed: those of a team or, where Team
// is "", of a user.
type MembershipsOf struct{ Team, User string }

// table is how they are listed.
func (of MembershipsOf) table() table {
	column, value := "m.team_id", of.Team
	if of.Team == "" {
		column, value = "m.user_id", of.User
	}
	return table{name: "memberships", alias: "m", columns: membershipColumns, few: of.Team == "",
		of: func(b *builder, _ string) string { return column + ` = ` + b.arg(value) }}
}

// Memberships returns a page of memberships. A cursor that is none of them is
// ErrNotFound.
func (db *DB) Memberships(ctx context.Context, project string, of MembershipsOf, p Page) ([]Membership, error) {
	all := []Membership{}
	err := db.list(ctx, of.table(), project, p, func(rows *sql.Rows) error {
		var m Membership
		if err := rows.Scan(m.dest()...); err != nil {
			return err
		}
		all = append(all, m)
		return p.room(len(m.Roles) * roleSize)
	})
	turn(p, all)
	return all, err
}

// roleSize is about what a role takes, in bytes.
const roleSize = 32

// CountMemberships says for how many memberships a condition holds, counting no
// further than most.
func (db *DB) CountMemberships(ctx context.Context, project string, of MembershipsOf, where Condition, most int) (int, error) {
	return db.count(ctx, of.table(), project, where, most)
}

// Member is what a team may know of a user.
type Member struct {
	ID, Name, Email, Phone string
	// MFA says that sessions of the user need a second factor, as AsksFactor does.
	MFA        bool
	AccessedAt time.Time
}

// Members returns users by their ids. Those that are not there are left out.
func (db *DB) Members(ctx context.Context, project string, ids []string) (map[string]Member, error) {
	members := map[string]Member{}
	err := db.byIDs(ctx, func(rows *sql.Rows) error {
		var m Member
		err := rows.Scan(&m.ID, &m.Name, null{&m.Email}, null{&m.Phone}, &m.MFA, accessed{&m.AccessedAt})
		members[m.ID] = m
		return err
	}, `SELECT u.id, u.name, u.email, u.phone,
		CASE WHEN u.mfa = 1 AND (u.email IS NOT NULL AND u.email_verified = 1 OR u.phone IS NOT NULL AND u.phone_verified = 1
			OR EXISTS (SELECT 1 FROM authenticators a WHERE a.project_id = u.project_id AND a.user_id = u.id AND a.verified = 1)) THEN 1 ELSE 0 END,
		u.accessed_at FROM users u WHERE u.project_id = $1 AND u.id IN `, project, ids)
	return members, err
}
