package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/wire"
)

// teamsHandlers answer the operations of teams as a whole.
var teamsHandlers = handlers{
	"teams.list":        (*call).listTeams,
	"teams.create":      (*call).createTeam,
	"teams.get":         (*call).getTeam,
	"teams.updateName":  (*call).updateTeamName,
	"teams.delete":      (*call).deleteTeam,
	"teams.getPrefs":    (*call).getTeamPrefs,
	"teams.updatePrefs": (*call).updateTeamPrefs,
}

// roleOwner is the role of those who may change a team.
const roleOwner = "owner"

// teamReader is what tells of teams: the database, or a transaction, until whose
// end the team that it read stays as it is.
type teamReader interface {
	Team(ctx context.Context, project, id string) (store.Team, error)
	MembershipOf(ctx context.Context, project, team, user string) (store.Membership, error)
}

// seenTeam is a team as the caller sees it.
type seenTeam struct {
	store.Team
	// owned says that the caller may change it: owners and servers may.
	owned bool
}

// seeTeam reads a team. One that the caller has not joined is not there for it;
// servers see all.
func (c *call) seeTeam(from teamReader, id string) (team seenTeam, err error) {
	ctx, missing := c.r.Context(), wire.Fail(isojot.ErrTeamNotFound)
	if team.Team, err = from.Team(ctx, c.project.ID, id); err != nil {
		return team, store.NotFoundAs(err, missing)
	}
	if c.byKey() {
		team.owned = true
		return team, nil
	}
	m, err := from.MembershipOf(ctx, c.project.ID, id, c.user.ID)
	if err == nil && !m.Confirmed {
		err = missing
	}
	team.owned = err == nil && m.Has(roleOwner)
	return team, store.NotFoundAs(err, missing)
}

// teamID is the id of the team in the path.
func (c *call) teamID() (string, error) { return wire.UID("teamId", c.r.PathValue("teamId")) }

// createTeam makes a team, whose owner is the user who asks for it; one that a
// server makes has nobody in it: POST /teams.
func (c *call) createTeam() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	team, roles, err := teamFrom(p)
	if err != nil {
		return err
	}
	if team.ID == "unique()" {
		team.ID = c.s.ids.Unique(c.now)
	}
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		team.CreatedAt, team.UpdatedAt, team.Total = t.Now(), t.Now(), 0
		if err := t.InsertTeam(ctx, c.project.ID, team); err != nil || c.byKey() {
			return err
		}
		team.Total = 1
		now := t.Now()
		return t.InsertMembership(ctx, c.project.ID, store.Membership{ID: c.s.ids.Unique(now), TeamID: team.ID, UserID: c.user.ID,
			Roles: roles, Confirmed: true, InvitedAt: now, JoinedAt: now, CreatedAt: now, UpdatedAt: now})
	})
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrTeamAlreadyExists)
	}
	if err != nil {
		return err
	}
	c.answer(http.StatusCreated, teamView(&team))
	return nil
}

// teamFrom validates the parameters of a new team, in Appwrite's order. The roles
// of its maker have owner among them.
func teamFrom(p wire.Params) (team store.Team, roles []string, err error) {
	team.Prefs = []byte("{}")
	if team.ID, err = p.CustomID("teamId"); err != nil {
		return team, nil, err
	}
	if team.Name, err = p.Name("name"); err != nil {
		return team, nil, err
	}
	if _, given := p.Optional("roles"); given {
		if roles, err = p.Roles("roles", wire.MaxTeamRole); err != nil {
			return team, nil, err
		}
	}
	if !slices.Contains(roles, roleOwner) {
		roles = append(roles, roleOwner)
	}
	return team, roles, nil
}

// getTeam answers with a team: GET /teams/{teamId}.
func (c *call) getTeam() error {
	id, err := c.teamID()
	if err != nil {
		return err
	}
	team, err := c.seeTeam(c.s.db, id)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, teamView(&team.Team))
	return nil
}

// getTeamPrefs answers with a team's preferences alone: GET /teams/{teamId}/prefs.
func (c *call) getTeamPrefs() error {
	id, err := c.teamID()
	if err != nil {
		return err
	}
	team, err := c.seeTeam(c.s.db, id)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, team.Prefs)
	return nil
}

// changeTeam makes a change of the team in the path, which only its owners and
// servers may, and returns the team as it is then.
func (c *call) changeTeam(id string, change func(t *store.Tx, id string) error) (team store.Team, err error) {
	err = c.act(func(t *store.Tx) error {
		seen, err := c.seeTeam(t, id)
		switch {
		case err != nil:
			return err
		case !seen.owned:
			return wire.Fail(isojot.ErrUserUnauthorized)
		}
		if err := change(t, id); err != nil {
			return err
		}
		team, err = t.Team(c.r.Context(), c.project.ID, id)
		return err
	})
	return team, err
}

// updateTeamName renames a team: PUT /teams/{teamId}.
func (c *call) updateTeamName() error {
	id, p, err := c.teamParams()
	if err != nil {
		return err
	}
	name, err := p.Name("name")
	if err != nil {
		return err
	}
	team, err := c.changeTeam(id, func(t *store.Tx, id string) error { return t.SetTeamName(c.r.Context(), c.project.ID, id, name) })
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, teamView(&team))
	return nil
}

// updateTeamPrefs replaces a team's preferences, and answers with them alone:
// PUT /teams/{teamId}/prefs.
func (c *call) updateTeamPrefs() error {
	id, p, err := c.teamParams()
	if err != nil {
		return err
	}
	prefs, err := p.Prefs("prefs")
	if err != nil {
		return err
	}
	team, err := c.changeTeam(id, func(t *store.Tx, id string) error { return t.SetTeamPrefs(c.r.Context(), c.project.ID, id, prefs) })
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, team.Prefs)
	return nil
}

// teamParams are the id of the team in the path, and the parameters.
func (c *call) teamParams() (string, wire.Params, error) {
	id, err := c.teamID()
	if err != nil {
		return "", wire.Params{}, err
	}
	p, err := c.params()
	return id, p, err
}

// deleteTeam deletes a team with its memberships: DELETE /teams/{teamId}.
func (c *call) deleteTeam() error {
	id, err := c.teamID()
	if err != nil {
		return err
	}
	err = c.act(func(t *store.Tx) error {
		team, err := c.seeTeam(t, id)
		switch {
		case err != nil:
			return err
		case !team.owned:
			return wire.Fail(isojot.ErrUserUnauthorized)
		}
		return t.DeleteTeam(c.r.Context(), c.project.ID, id)
	})
	if err != nil {
		return err
	}
	noContent(c.w)
	return nil
}

// listTeams answers with a page of the teams that the caller has joined, or for a
// server of all: GET /teams.
func (c *call) listTeams() error {
	user := ""
	if !c.byKey() {
		user = c.user.ID
	}
	list, err := c.listParams(store.TeamColumns, store.TeamSearch)
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	teams, err := c.s.db.Teams(ctx, c.project.ID, user, list.page)
	if err != nil {
		return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "Team '%s' for the 'cursor' value not found.", list.page.Cursor))
	}
	answer := listJSON{name: "teams"}
	for i := range teams {
		answer.items = append(answer.items, teamView(&teams[i]))
	}
	answer.total, err = list.count(len(teams), func(most int) (int, error) {
		return c.s.db.CountTeams(ctx, c.project.ID, user, list.page.Where, most)
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, answer)
	return nil
}

// listAsked is what is asked of a list.
type listAsked struct {
	page  store.Page
	total bool
}

// listParams validates the parameters of a list that can be searched.
func (c *call) listParams(columns map[string]store.Column, matches func(text string) store.Condition) (list listAsked, err error) {
	p, err := c.params()
	if err != nil {
		return list, err
	}
	if list.page, err = listing.Parse(p, columns); err != nil {
		return list, err
	}
	search, err := p.OptionalText("search", "Value must be a valid string and at least 1 chars and no longer than 256 chars",
		func(s string) bool { return s != "" && utf8.RuneCountInString(s) <= maxSearch })
	if err != nil {
		return list, err
	}
	if search != "" {
		list.page.Where.Parts = append(list.page.Where.Parts, matches(search))
	}
	list.page.Room = c.memory().tryHold
	list.total, err = listing.WantsTotal(p)
	return list, err
}

// count is how many rows the list has, of which the page shows n; 0 where nobody
// asks.
func (l listAsked) count(n int, count func(most int) (int, error)) (int, error) {
	if !l.total {
		return 0, nil
	}
	return listing.Total(l.page, n, count)
}
