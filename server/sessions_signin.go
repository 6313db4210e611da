package server

import (
	"net/http"
	"slices"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/reach"
)

// maxUserAgent bounds what is kept of a user agent, in bytes.
const maxUserAgent = 1024

// signIn is how a user signs in, as its session says.
type signIn struct {
	provider string
	factors  []string // that the sign-in has shown
}

// The ways of signing in, but for those by one-time tokens.
var (
	byPassword   = signIn{"email", []string{"password"}}
	byInvitation = signIn{"email", []string{"email"}} // accepting one that came by mail
	asAnonymous  = signIn{"anonymous", []string{"anonymous"}}
	byTheServer  = signIn{"server", []string{"server"}} // a program with a key, or that embeds this one
)

// signInsByToken are the ways of signing in by a one-time token, by its kind; that
// of store.OAuth2Token is byOAuth2.
var signInsByToken = map[store.TokenKind]signIn{
	store.LoginToken:    {"token", []string{"token"}},
	store.MagicURLToken: {"magic-url", []string{"email"}},
	store.EmailToken:    {"token", []string{"email"}},
	store.PhoneToken:    {"phone", []string{"phone"}},
}

// byOAuth2 is signing in at a provider, whose second factor counts: such a
// session is asked for no other.
func byOAuth2(provider string) signIn { return signIn{provider, []string{"email", "oauth2"}} }

// byOAuth2Alone is signing in at a provider by an identity that shows no more
// than the user's address does (store.Identity.OneFactor).
func byOAuth2Alone(provider string) signIn { return signIn{provider, []string{"email"}} }

// newSession is a new session of a user who signs in by the request.
func (c *call) newSession(u *store.User, by signIn, now time.Time) store.Session {
	session := sessionRow(c.s.ids.Unique(now), u, by, now, c.config.rules)
	session.IP, session.UserAgent = reach.ClientIP(c.r), c.userAgent()
	if len(session.UserAgent) > maxUserAgent {
		session.UserAgent = session.UserAgent[:maxUserAgent]
	}
	return session
}

// sessionRow is a new session of a user.
func sessionRow(id string, u *store.User, by signIn, now time.Time, rules Rules) store.Session {
	session := store.Session{
		ID: id, UserID: u.ID, Provider: by.provider, Factors: slices.Clone(by.factors),
		ExpiresAt: now.Add(rules.sessionDuration()), CreatedAt: now, UpdatedAt: now,
	}
	if by.provider == byPassword.provider {
		session.ProviderUID = u.Email
	}
	return session
}

// insertSession stores a session of a user who signs in.
func (c *call) insertSession(t *store.Tx, u *store.User, by signIn, secret string) (store.Session, error) {
	session := c.newSession(u, by, t.Now())
	return session, c.storeSession(t, &session, secret)
}

// storeSession stores a new session, ends the user's oldest ones beyond the
// limit, and forgives the attempts before.
func (c *call) storeSession(t *store.Tx, s *store.Session, secret string) error {
	ctx := c.r.Context()
	err := t.InsertSession(ctx, c.project.ID, *s, ids.Hash(secret), c.config.rules.maxSessions())
	if err == nil && c.forgiven != "" {
		err = t.ForgetHits(ctx, c.project.ID, c.forgiven)
	}
	return err
}

// signedIn answers with a new session.
func (c *call) signedIn(s *store.Session, secret string) error {
	c.setSession(encodeStore(s.UserID, secret), s.ExpiresAt)
	view := sessionView(s, true)
	view.Secret = c.shownSecret(s.UserID, secret)
	c.answer(http.StatusCreated, view)
	return nil
}
