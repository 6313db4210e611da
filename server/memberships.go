package server

import (
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// membershipHandlers answer the operations of who is in a team.
var membershipHandlers = handlers{
	"teams.listMemberships":        (*call).listMemberships,
	"teams.createMembership":       (*call).createMembership,
	"teams.getMembership":          (*call).getMembership,
	"teams.updateMembership":       (*call).updateMembership,
	"teams.deleteMembership":       (*call).deleteMembership,
	"teams.updateMembershipStatus": (*call).updateMembershipStatus,
}

// membershipIDs are the ids in the path: of the team and of the membership.
func (c *call) membershipIDs() (team, membership string, err error) {
	if team, err = c.teamID(); err != nil {
		return "", "", err
	}
	membership, err = wire.UID("membershipId", c.r.PathValue("membershipId"))
	return team, membership, err
}

// privacy is what the caller sees of the members of a team: servers all, and
// members what the project lets them see, also of themselves.
func (c *call) privacy() MembershipPrivacy {
	if c.byKey() {
		return MembershipPrivacy{UserID: true, UserName: true, UserEmail: true, UserPhone: true, MFA: true}
	}
	return c.config.rules.MembershipPrivacy
}

// members reads the users of memberships, as far as the caller sees anything of
// them. Those that are deleted meanwhile are left out.
func (c *call) members(all ...store.Membership) (map[string]store.Member, error) {
	if c.privacy() == (MembershipPrivacy{}) {
		return nil, nil
	}
	var ids []string
	for _, m := range all {
		ids = append(ids, m.UserID)
	}
	return c.s.db.Members(c.r.Context(), c.project.ID, ids)
}

// listMemberships answers with a page of the memberships of a team:
// GET /teams/{teamId}/memberships.
func (c *call) listMemberships() error {
	id, err := c.teamID()
	if err != nil {
		return err
	}
	list, err := c.listParams(store.MembershipColumns, store.MembershipSearch)
	if err != nil {
		return err
	}
	team, err := c.seeTeam(c.s.db, id)
	if err != nil {
		return err
	}
	ctx, of := c.r.Context(), store.MembershipsOf{Team: id}
	all, err := c.s.db.Memberships(ctx, c.project.ID, of, list.page)
	if err != nil {
		return noSuchCursor(err, list.page)
	}
	users, err := c.members(all...)
	if err != nil {
		return err
	}
	answer := listJSON{name: "memberships"}
	for i := range all {
		user := users[all[i].UserID]
		view := membershipView(&all[i], team.Name).shown(user, c.privacy())
		if c.byKey() {
			view = view.accessed(user.AccessedAt)
		}
		answer.items = append(answer.items, view)
	}
	answer.total, err = list.count(len(all), func(most int) (int, error) {
		return c.s.db.CountMemberships(ctx, c.project.ID, of, list.page.Where, most)
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, answer)
	return nil
}

// noSuchCursor turns the store's "not found" into the answer for the cursor of a
// page of memberships.
func noSuchCursor(err error, page store.Page) error {
	return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "Membership '%s' for the 'cursor' value not found.", page.Cursor))
}

// getMembership answers with a membership of a team:
// GET /teams/{teamId}/memberships/{membershipId}.
func (c *call) getMembership() error {
	teamID, id, err := c.membershipIDs()
	if err != nil {
		return err
	}
	team, err := c.seeTeam(c.s.db, teamID)
	if err != nil {
		return err
	}
	m, err := c.s.db.Membership(c.r.Context(), c.project.ID, id)
	if err == nil && m.TeamID != teamID {
		err = store.ErrNotFound
	}
	if err != nil {
		return noSuchMembership(err)
	}
	users, err := c.members(m)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, membershipView(&m, team.Name).shown(users[m.UserID], c.privacy()))
	return nil
}

// noSuchMembership turns the store's "not found" into the answer for memberships.
func noSuchMembership(err error) error {
	return store.NotFoundAs(err, wire.Fail(isojot.ErrMembershipNotFound))
}

// updateMembership replaces the roles of a membership, which owners and servers
// may: PATCH /teams/{teamId}/memberships/{membershipId}. As in Appwrite, the only
// owner may give up that role.
func (c *call) updateMembership() error {
	teamID, id, err := c.membershipIDs()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	roles, err := p.Roles("roles", wire.MaxRole)
	if err != nil {
		return err
	}
	var team seenTeam
	var m store.Membership
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) (err error) {
		if team, err = c.seeTeam(t, teamID); err != nil {
			return err
		}
		if m, err = t.Membership(ctx, c.project.ID, id); err == nil && m.TeamID != teamID {
			err = store.ErrNotFound
		}
		switch {
		case err != nil:
			return noSuchMembership(err)
		case !team.owned:
			return wire.Failf(isojot.ErrUserUnauthorized, "User is not allowed to modify roles")
		}
		if err := t.SetRoles(ctx, c.project.ID, id, roles); err != nil {
			return err
		}
		m, err = t.Membership(ctx, c.project.ID, id)
		return err
	})
	if err != nil {
		return err
	}
	users, err := c.s.db.Members(ctx, c.project.ID, []string{m.UserID})
	if err != nil {
		return err
	}
	user := users[m.UserID]
	c.answer(http.StatusOK, membershipView(&m, team.Name).named(m.UserID, user.Name, user.Email))
	return nil
}

// deleteMembership takes a user out of a team, which owners, servers and the user
// may: DELETE /teams/{teamId}/memberships/{membershipId}. As in Appwrite, the only
// owner may leave.
func (c *call) deleteMembership() error {
	teamID, id, err := c.membershipIDs()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		team, unseen := c.seeTeam(t, teamID)
		m, err := t.Membership(ctx, c.project.ID, id)
		switch {
		case err != nil:
			return store.NotFoundAs(err, wire.Fail(isojot.ErrTeamInviteNotFound))
		case unseen != nil:
			return unseen
		case m.TeamID != teamID:
			return wire.Fail(isojot.ErrTeamMembershipMismatch)
		case !team.owned && m.UserID != c.user.ID:
			return wire.Fail(isojot.ErrUserUnauthorized)
		}
		return t.DeleteMembership(ctx, c.project.ID, id)
	})
	if err != nil {
		return err
	}
	noContent(c.w)
	return nil
}
