package server

import (
	"encoding/json"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// teamJSON is a team. No version of the API had fewer members.
type teamJSON struct {
	ID        string          `json:"$id"`
	CreatedAt string          `json:"$createdAt"`
	UpdatedAt string          `json:"$updatedAt"`
	Name      string          `json:"name"`
	Total     int             `json:"total"`
	Prefs     json.RawMessage `json:"prefs"`
}

func (t teamJSON) Format(wire.Version) any { return t }

// teamView is a team as everybody sees it who may see it.
func teamView(t *store.Team) teamJSON {
	return teamJSON{ID: t.ID, CreatedAt: wire.Date(t.CreatedAt), UpdatedAt: wire.Date(t.UpdatedAt), Name: t.Name, Total: t.Total, Prefs: t.Prefs}
}

// membershipJSON is a membership.
type membershipJSON struct {
	ID        string `json:"$id"`
	CreatedAt string `json:"$createdAt"`
	UpdatedAt string `json:"$updatedAt"`
	UserID    string `json:"userId"`
	UserName  string `json:"userName"`
	UserEmail string `json:"userEmail"`
	UserPhone string `json:"userPhone"`
	TeamID    string `json:"teamId"`
	TeamName  string `json:"teamName"`
	Invited   string `json:"invited"`
	// Joined is "" until the user has joined.
	Joined  string `json:"joined"`
	Confirm bool   `json:"confirm"`
	MFA     bool   `json:"mfa"`
	// UserAccessedAt is shown to servers that list a team's memberships.
	UserAccessedAt string   `json:"userAccessedAt"`
	Roles          []string `json:"roles"`
}

// membershipSince are the members of a membership by the version they came with.
var membershipSince = map[wire.Version][]string{formatMFA: {"mfa"}, formatUserPhone: {"userPhone"}}

// formatUserPhone is the version since which memberships have a phone number.
var formatUserPhone = wire.Version{1, 9, 5}

func (m membershipJSON) Format(v wire.Version) any { return wire.Less(m, v, membershipSince) }

// membershipView is a membership that says nothing of its user yet.
func membershipView(m *store.Membership, teamName string) membershipJSON {
	return membershipJSON{
		ID: m.ID, CreatedAt: wire.Date(m.CreatedAt), UpdatedAt: wire.Date(m.UpdatedAt), TeamID: m.TeamID, TeamName: teamName,
		Invited: wire.Date(m.InvitedAt), Joined: wire.Date(m.JoinedAt), Confirm: m.Confirmed, Roles: m.Roles,
	}
}

// named is the membership with what its user is called, as answers to changes
// have it.
func (m membershipJSON) named(id, name, email string) membershipJSON {
	m.UserID, m.UserName, m.UserEmail = id, name, email
	return m
}

// shown is the membership with what the caller may see of its user.
func (m membershipJSON) shown(u store.Member, may MembershipPrivacy) membershipJSON {
	if may.UserID {
		m.UserID = u.ID
	}
	if may.UserName {
		m.UserName = u.Name
	}
	if may.UserEmail {
		m.UserEmail = u.Email
	}
	if may.UserPhone {
		m.UserPhone = u.Phone
	}
	m.MFA = may.MFA && u.MFA
	return m
}

// accessed is the membership with when its user was last here.
func (m membershipJSON) accessed(at time.Time) membershipJSON {
	m.UserAccessedAt = wire.Date(at)
	return m
}
