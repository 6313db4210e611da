package server

import (
	"net/http"

	"github.com/isojot/isojot/internal/store"
)

// usersMembershipHandlers answer the operations of the teams of users.
var usersMembershipHandlers = handlers{
	"users.listMemberships": (*call).listUserMemberships,
}

// listUserMemberships answers with a page of a user's memberships:
// GET /users/{userId}/memberships.
func (c *call) listUserMemberships() error {
	id, err := c.userID()
	if err != nil {
		return err
	}
	list, err := c.listParams(store.MembershipColumns, store.MembershipSearch)
	if err != nil {
		return err
	}
	ctx, of := c.r.Context(), store.MembershipsOf{User: id}
	user, err := c.s.db.User(ctx, c.project.ID, id)
	if err != nil {
		return noSuchUser(err)
	}
	all, err := c.s.db.Memberships(ctx, c.project.ID, of, list.page)
	if err != nil {
		return noSuchCursor(err, list.page)
	}
	var ids []string
	for _, m := range all {
		ids = append(ids, m.TeamID)
	}
	names, err := c.s.db.TeamNames(ctx, c.project.ID, ids)
	if err != nil {
		return err
	}
	answer := listJSON{name: "memberships"}
	for i := range all {
		answer.items = append(answer.items, membershipView(&all[i], names[all[i].TeamID]).named(user.ID, user.Name, user.Email))
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
