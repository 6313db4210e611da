package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// acceptance is what somebody presents who accepts an invitation.
type acceptance struct{ teamID, membershipID, userID, secret string }

// accepted is what an acceptance comes to.
type accepted struct {
	team       store.Team
	user       store.User
	membership store.Membership
	// session is that of a guest, who is signed in; nil for others.
	session *store.Session
}

// updateMembershipStatus accepts an invitation, and signs a guest in:
// PATCH /teams/{teamId}/memberships/{membershipId}/status.
func (c *call) updateMembershipStatus() error {
	a, err := c.acceptanceFrom()
	if err != nil {
		return err
	}
	// Guests may ask as often as they like: who has no secret opens no transaction.
	if _, err := c.invitation(c.s.db, a); err != nil {
		return err
	}
	var got accepted
	sessionSecret := ids.NewSecret()
	err = c.act(func(t *store.Tx) (err error) {
		got, err = c.accept(t, a, sessionSecret)
		return err
	})
	if err != nil {
		return err
	}
	if got.session != nil {
		c.setSession(encodeStore(got.user.ID, sessionSecret), got.session.ExpiresAt)
	}
	c.answer(http.StatusOK, membershipView(&got.membership, got.team.Name).named(got.user.ID, got.user.Name, got.user.Email))
	return nil
}

// acceptanceFrom validates the parameters of an acceptance, in Appwrite's order.
func (c *call) acceptanceFrom() (a acceptance, err error) {
	if a.teamID, a.membershipID, err = c.membershipIDs(); err != nil {
		return a, err
	}
	p, err := c.params()
	if err != nil {
		return a, err
	}
	if a.userID, err = p.Text("userId", wire.DescribeUID, wire.ValidID); err != nil {
		return a, err
	}
	a.secret, err = p.Secret("secret")
	return a, err
}

// invitationSignsIn is how long after it was sent an invitation signs its user in:
// mails are kept, and passed on. It can be accepted later by who is signed in.
const invitationSignsIn = 7 * 24 * time.Hour

// accept lets the user of an invitation join, in a transaction of act.
func (c *call) accept(t *store.Tx, a acceptance, sessionSecret string) (got accepted, err error) {
	if got, err = c.invitation(t, a); err != nil {
		return got, err
	}
	ctx, user, sent := c.r.Context(), &got.user, got.membership.Invitation
	here := sent.Channel == store.ChannelMail && sent.Address == user.Email || sent.Channel == store.ChannelText && sent.Address == user.Phone
	if c.user == nil {
		// Whoever reads what is sent to an address signs in as its user, and not
		// as who had it once. What was sent before a change of password, or before
		// all sessions were ended, is no way around that, nor is a number that
		// leads into no account.
		leads := true
		if sent.Channel == store.ChannelText {
			if leads, err = c.numberLeadsIn(ctx, t, user); err != nil {
				return got, err
			}
		}
		switch {
		case user.Blocked:
			return got, wire.Fail(isojot.ErrUserBlocked)
		case !here || !sent.SignsIn || !leads || t.Now().Sub(got.membership.InvitedAt) > invitationSignsIn:
			return got, wire.Failf(isojot.ErrTeamInvalidSecret, "The team invitation does not sign in any more. Please sign in and try again, or request a new invitation.")
		}
	}
	if err := t.Join(ctx, c.project.ID, got.team.ID, got.membership.ID); err != nil {
		return got, err
	}
	if here && sent.Channel == store.ChannelMail {
		if err := c.provesEmail(ctx, t, user); err != nil {
			return got, err
		}
	}
	if c.user == nil {
		by := byInvitation
		if sent.Channel == store.ChannelText {
			by = signInsByToken[store.PhoneToken]
		}
		session, err := c.insertSession(t, user, by, sessionSecret)
		if err != nil {
			return got, err
		}
		got.session = &session
	}
	got.membership, err = t.Membership(ctx, c.project.ID, got.membership.ID)
	return got, err
}

// invitationReader is what tells of invitations: the database, or a transaction,
// until whose end they stay as they are.
type invitationReader interface {
	User(ctx context.Context, project, id string) (store.User, error)
	Team(ctx context.Context, project, id string) (store.Team, error)
	Membership(ctx context.Context, project, id string) (store.Membership, error)
}

// invitation finds what somebody accepts, and refuses in Appwrite's order what is
// not theirs to accept. The user is locked before the team: deletions lock them
// in this order.
func (c *call) invitation(from invitationReader, a acceptance) (got accepted, err error) {
	ctx, project := c.r.Context(), c.project.ID
	user, nobody := from.User(ctx, project, a.userID)
	team, noTeam := from.Team(ctx, project, a.teamID)
	m, err := from.Membership(ctx, project, a.membershipID)
	switch {
	case err != nil:
		return got, noSuchMembership(err)
	case noTeam != nil:
		return got, store.NotFoundAs(noTeam, wire.Fail(isojot.ErrTeamNotFound))
	case m.TeamID != team.ID:
		return got, wire.Fail(isojot.ErrTeamMembershipMismatch)
	case m.Invitation.SecretHash == "" || subtle.ConstantTimeCompare([]byte(m.Invitation.SecretHash), []byte(ids.Hash(a.secret))) != 1:
		return got, wire.Fail(isojot.ErrTeamInvalidSecret)
	case nobody != nil && !errors.Is(nobody, store.ErrNotFound):
		return got, nobody
	case m.UserID != a.userID || nobody != nil || c.user != nil && c.user.ID != m.UserID:
		return got, wire.Failf(isojot.ErrTeamInviteMismatch, "Invite does not belong to current user (%s)", c.callerEmail())
	case m.Confirmed:
		return got, wire.Fail(isojot.ErrMembershipAlreadyConfirmed)
	}
	return accepted{team: team, user: user, membership: m}, nil
}

// callerEmail is the e-mail address of the user who calls; "" for a guest.
func (c *call) callerEmail() string {
	if c.user == nil {
		return ""
	}
	return c.user.Email
}
