package server

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// askedMembership is a membership to make.
type askedMembership struct {
	// userID, email and phone say who is meant; "" for what is not known.
	userID, email, phone string
	roles                []string
	// url is where the link of the invitation leads.
	url string
	// name is that of a new user.
	name string
}

// createMembership invites a user to a team, and makes the user where nobody has
// the address. A server takes the user in at once, without an invitation:
// POST /teams/{teamId}/memberships.
func (c *call) createMembership() error {
	teamID, asked, err := c.membershipFrom()
	if err != nil {
		return err
	}
	var made invited
	err = c.act(func(t *store.Tx) (err error) {
		made, err = c.invite(t, teamID, asked)
		return err
	})
	if errors.Is(err, store.ErrDuplicate) { // somebody got the address meanwhile, or the user was invited
		err = c.act(func(t *store.Tx) (err error) {
			made, err = c.invite(t, teamID, asked)
			return err
		})
	}
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrUserAlreadyExists)
	}
	if err != nil {
		return err
	}
	user := made.user
	c.answer(http.StatusCreated, membershipView(&made.membership, made.team.Name).named(user.ID, user.Name, user.Email))
	return nil
}

// membershipFrom validates the parameters of a new membership, in Appwrite's
// order.
func (c *call) membershipFrom() (teamID string, a askedMembership, err error) {
	teamID, p, err := c.teamParams()
	if err != nil {
		return "", a, err
	}
	if _, given := p.Optional("email"); given {
		if a.email, err = p.Email("email"); err != nil {
			return "", a, err
		}
	}
	if a.userID, err = p.OptionalText("userId", wire.DescribeUID, wire.ValidID); err != nil {
		return "", a, err
	}
	if a.phone, err = p.OptionalText("phone", wire.DescribePhone, wire.ValidPhone); err != nil {
		return "", a, err
	}
	if a.roles, err = p.Roles("roles", wire.MaxRole); err != nil {
		return "", a, err
	}
	if _, given := p.Optional("url"); given {
		if a.url, err = c.redirectURL(p, "url"); err != nil {
			return "", a, err
		}
	}
	if a.name, err = p.OptionalName("name"); err != nil {
		return "", a, err
	}
	return teamID, a, c.checkInvitation(a)
}

// checkInvitation refuses what says too little, and invitations that nobody would
// send.
func (c *call) checkInvitation(a askedMembership) error {
	switch {
	case a.url == "" && !c.byKey():
		return wire.Failf(isojot.ErrArgumentInvalid, "URL is required")
	case a.userID == "" && a.email == "" && a.phone == "":
		return wire.Failf(isojot.ErrArgumentInvalid, "At least one of userId, email, or phone is required")
	case c.byKey():
		return nil
	}
	return c.mailReady(mail.Invitation)
}

// invited is what an invitation comes to.
type invited struct {
	team       store.Team
	user       store.User
	membership store.Membership
}

// invite makes a membership in a transaction of act, or sends a further invitation
// for the one that there is. Whether somebody is known is told to owners alone.
func (c *call) invite(t *store.Tx, teamID string, a askedMembership) (made invited, err error) {
	user, err := c.findInvitee(t, a) // before the team: deletions lock them in this order
	if err != nil {
		return made, err
	}
	team, err := c.seeTeam(t, teamID)
	switch {
	case err != nil:
		return made, err
	case !team.owned:
		return made, wire.Failf(isojot.ErrUserUnauthorized, "User is not allowed to send invitations for this team")
	}
	if user == nil { // unless another invitation to the team has just made it
		if user, err = c.findInvitee(t, a); err != nil {
			return made, err
		}
	}
	if user, err = c.invitee(t, user, a); err != nil {
		return made, err
	}
	made = invited{team: team.Team, user: *user}
	made.membership, err = c.enlist(t, made, a)
	return made, err
}

// findInvitee finds the user who is meant, by the first of id, e-mail address and
// phone number that is given; nil for nobody.
func (c *call) findInvitee(t *store.Tx, a askedMembership) (*store.User, error) {
	ctx := c.r.Context()
	var user store.User
	var err error
	switch {
	case a.userID != "":
		user, err = t.User(ctx, c.project.ID, a.userID)
	case a.email != "":
		user, err = t.UserByEmail(ctx, c.project.ID, a.email)
	default:
		user, err = t.UserByPhone(ctx, c.project.ID, a.phone)
	}
	if err != nil {
		return nil, store.NotFoundAs(err, nil)
	}
	return &user, nil
}

// invitee is the user that was found, if all that was said of it is right, or a
// new one.
func (c *call) invitee(t *store.Tx, user *store.User, a askedMembership) (*store.User, error) {
	differs := func(what string) error {
		return wire.Failf(isojot.ErrUserAlreadyExists, "Given %s doesn't match", what)
	}
	switch {
	case user == nil && a.userID != "":
		return nil, wire.Failf(isojot.ErrUserNotFound, "User with given userId doesn't exist.")
	case user == nil:
		return c.newInvitee(t, a)
	case a.email != "" && user.Email != a.email:
		return nil, differs("userId and email")
	case a.phone != "" && user.Phone != a.phone && a.userID != "":
		return nil, differs("userId and phone")
	case a.phone != "" && user.Phone != a.phone:
		return nil, differs("email and phone")
	}
	return user, nil
}

// newInvitee makes a user without a password, who has not been here yet.
func (c *call) newInvitee(t *store.Tx, a askedMembership) (*store.User, error) {
	err := c.checkUserCount(t)
	if refusal, ok := refusalOf(err); ok && refusal.Kind == isojot.ErrUserCountExceeded {
		return nil, wire.Failf(isojot.ErrUserCountExceeded, "Project registration is restricted. Contact your administrator for more information.")
	}
	if err != nil {
		return nil, err
	}
	user := c.s.askedUser(t, store.User{Email: a.email, Phone: a.phone, Name: cmp.Or(a.name, a.email)}, false)
	user.EmailTarget, user.PhoneTarget = store.Target{}, store.Target{} // as in Appwrite
	return &user, t.InsertUser(c.r.Context(), c.project.ID, user, "")
}

// enlist makes the membership of a user, or finds the one that there is, and
// invites the user; a server takes the user in.
func (c *call) enlist(t *store.Tx, made invited, a askedMembership) (m store.Membership, err error) {
	ctx := c.r.Context()
	m, err = t.MembershipOf(ctx, c.project.ID, made.team.ID, made.user.ID)
	known := err == nil
	switch {
	case known && m.Confirmed:
		return m, wire.Fail(isojot.ErrMembershipAlreadyConfirmed)
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return m, err
	case !known:
		now := t.Now()
		m = store.Membership{ID: c.s.ids.Unique(now), TeamID: made.team.ID, UserID: made.user.ID, Roles: a.roles, InvitedAt: now, CreatedAt: now, UpdatedAt: now}
		if c.byKey() {
			m.Confirmed, m.JoinedAt = true, now
		} else if m.Invitation, err = c.sendInvitation(t, made, m.ID, a.url); err != nil {
			return m, err
		}
		return m, t.InsertMembership(ctx, c.project.ID, m)
	}
	if err := c.inviteAgain(ctx, t, made, m.ID, a.url); err != nil {
		return m, err
	}
	return t.Membership(ctx, c.project.ID, m.ID)
}

// inviteAgain invites a user who has not joined yet; a server takes the user in.
func (c *call) inviteAgain(ctx context.Context, t *store.Tx, made invited, id, url string) (err error) {
	var i store.Invitation
	if !c.byKey() {
		if i, err = c.sendInvitation(t, made, id, url); err != nil {
			return err
		}
	}
	if err := t.Invite(ctx, c.project.ID, id, i); err != nil || !c.byKey() {
		return err
	}
	return t.Join(ctx, c.project.ID, made.team.ID, id)
}

// sendInvitation sends the link by which a user joins, by mail or else as a text
// message. Nothing is sent to blocked users, nor to those without an address.
func (c *call) sendInvitation(t *store.Tx, made invited, membershipID, url string) (store.Invitation, error) {
	user, secret := made.user, ids.NewSecret()
	if user.Blocked || user.Email == "" && user.Phone == "" {
		return store.Invitation{}, nil
	}
	values := mail.Values{User: cmp.Or(user.Name, user.Email), Owner: c.user.Name, Team: made.team.Name,
		Redirect: linkTo(url, linkParam{"membershipId", membershipID}, linkParam{"userId", user.ID}, linkParam{"secret", secret},
			linkParam{"teamId", made.team.ID}, linkParam{"teamName", made.team.Name})}
	if user.Email != "" {
		return store.Invitation{SecretHash: ids.Hash(secret), Channel: store.ChannelMail, Address: user.Email, SignsIn: true},
			c.mail(t, mail.Mail{Kind: mail.Invitation, To: user.Email, ToName: user.Name, Values: values})
	}
	return store.Invitation{SecretHash: ids.Hash(secret), Channel: store.ChannelText, Address: user.Phone, SignsIn: true},
		c.text(t, mail.Text{Kind: mail.TextInvitation, To: user.Phone, Values: values})
}
