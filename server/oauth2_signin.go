package server

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/wire"
)

// signInBy signs in the user that a provider vouches for, and returns where the
// browser goes.
func (c *call) signInBy(p *providers.Provider, flow store.OAuth2Flow, tokens providers.Tokens, profile providers.Profile) (string, error) {
	who := providerUser(p, profile)
	secret, tokenSecret := ids.NewSecret(), tokenSecret(oauth2SecretDigits)
	var user store.User
	var session store.Session
	err := c.act(func(t *store.Tx) error {
		if err := c.stillSignedIn(flow); err != nil {
			return err
		}
		var identity store.Identity
		var err error
		if user, identity, err = c.identityFor(t, who, nameFor(profile.Name), flow.UserID != ""); err != nil {
			return err
		}
		if user.Blocked {
			return wire.Fail(isojot.ErrUserBlocked)
		}
		identity.Token = c.sealed(p, tokens, t.Now())
		if err := t.RenewIdentity(c.r.Context(), c.project.ID, identity.ID, who, identity.Token); err != nil {
			return err
		}
		if flow.Token {
			return c.insertOAuth2Token(t, identity, tokenSecret)
		}
		if flow.SessionID != "" { // the new one takes its place
			err := t.DeleteSession(c.r.Context(), c.project.ID, user.ID, flow.SessionID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		session, err = c.insertOAuth2Session(t, &user, identity, secret)
		return err
	})
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return "", wire.Fail(isojot.ErrUserAlreadyExists)
	case err != nil:
		return "", err
	case flow.Token:
		wrapped, err := c.wrapSecret(tokenSecret, flow.Provider)
		return linkTo(flow.Success, linkParam{"secret", wrapped}, linkParam{"userId", user.ID}), err
	}
	kept := encodeStore(user.ID, secret)
	c.setSession(kept, session.ExpiresAt)
	if !flow.OwnSuccess {
		return flow.Success, nil
	}
	more := []linkParam{{"project", c.project.ID}}
	if domain := cookieDomain(c.r.Host); domain != "" {
		more = append(more, linkParam{"domain", domain})
	}
	return linkTo(flow.Success, append(more, linkParam{"key", cookieName(c.project.ID)}, linkParam{"secret", kept})...), nil
}

// providerUser is whom the provider vouches for.
func providerUser(p *providers.Provider, profile providers.Profile) store.ProviderUser {
	who := store.ProviderUser{Provider: p.Name(), Issuer: p.Issuer(), UID: profile.UID}
	email, err := wire.NewParams(map[string]any{"email": profile.Email}).Email("email")
	if err == nil {
		who.Email, who.EmailVerified = email, profile.EmailVerified
	}
	return who
}

// nameFor is a name as accounts have it; "" for one that cannot be.
func nameFor(name string) string {
	if !utf8.ValidString(name) {
		return ""
	}
	if runes := []rune(name); len(runes) > wire.MaxName {
		return string(runes[:wire.MaxName])
	}
	return name
}

// stillSignedIn refuses to give the identity to another user than the one who was
// signed in at the start.
func (c *call) stillSignedIn(flow store.OAuth2Flow) error {
	if flow.UserID == "" || c.user != nil && c.session != nil && c.user.ID == flow.UserID && c.session.ID == flow.SessionID {
		return nil
	}
	return wire.Fail(isojot.ErrUserUnauthorized)
}

// identityFor is the identity of whom a provider vouches for, made if need be, and
// its user. Signed in says that the caller gets it.
func (c *call) identityFor(t *store.Tx, who store.ProviderUser, name string, signedIn bool) (user store.User, identity store.Identity, err error) {
	ctx := c.r.Context()
	identity, err = t.IdentityOf(ctx, c.project.ID, who)
	switch {
	case err == nil && signedIn && identity.UserID != c.user.ID:
		return user, identity, wire.Fail(isojot.ErrUserAlreadyExists)
	case err == nil:
		user, err = t.User(ctx, c.project.ID, identity.UserID)
		return user, identity, err
	case !errors.Is(err, store.ErrNotFound):
		return user, identity, err
	}
	one := false
	if signedIn { // by a session that is not pending: c.act has looked
		user, err = c.linked(t, who, name)
	} else {
		// Whoever has the mailbox alone can make an account at a provider.
		user, err = c.userOf(t, who, name)
		one = user.MFA
	}
	if err != nil || user.Blocked {
		return user, identity, err
	}
	if who.EmailVerified {
		others, err := t.EmailOfOthers(ctx, c.project.ID, user.ID, who.Email)
		if err != nil {
			return user, identity, err
		}
		if others { // no more is said: it would tell who has an account
			return user, identity, wire.Fail(isojot.ErrBadRequest)
		}
	}
	identity = store.Identity{ID: c.s.ids.Unique(t.Now()), UserID: user.ID, ProviderUser: who, OneFactor: one, CreatedAt: t.Now(), UpdatedAt: t.Now()}
	return user, identity, t.InsertIdentity(ctx, c.project.ID, identity)
}

// linked is the caller, who gets a new identity: and its address and name, where
// the caller has none, such as an anonymous user.
func (c *call) linked(t *store.Tx, who store.ProviderUser, name string) (store.User, error) {
	ctx, user := c.r.Context(), *c.user
	if user.Email == "" && who.Email != "" {
		if err := t.SetEmail(ctx, c.project.ID, user.ID, who.Email, c.s.ids.Unique(t.Now())); err != nil {
			return user, err
		}
		if err := t.SetEmailVerified(ctx, c.project.ID, user.ID, who.EmailVerified); err != nil {
			return user, err
		}
	}
	if user.Name == "" && name != "" {
		if err := t.SetName(ctx, c.project.ID, user.ID, name); err != nil {
			return user, err
		}
	}
	return t.User(ctx, c.project.ID, user.ID)
}

// userOf is the user that has the address, or a new one. An address that the
// provider has not verified leads to nobody's account: anybody could name it there.
// One that nobody has verified here leads to it, and ends all by which whoever made
// the account could still get in.
func (c *call) userOf(t *store.Tx, who store.ProviderUser, name string) (store.User, error) {
	ctx := c.r.Context()
	if who.Email == "" {
		return store.User{}, wire.Failf(isojot.ErrUserUnauthorized, "OAuth provider failed to return email.")
	}
	user, err := t.UserByEmail(ctx, c.project.ID, who.Email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.userFor(ctx, t, who, name)
	case err != nil:
		return user, err
	case !who.EmailVerified:
		return user, wire.Fail(isojot.ErrBadRequest)
	case user.Blocked || user.EmailVerified:
		return user, nil
	}
	if err := t.TakeOver(ctx, c.project.ID, user.ID, who.Email); err != nil {
		return user, err
	}
	return t.User(ctx, c.project.ID, user.ID)
}

// userFor makes a user for whom a provider vouches.
func (c *call) userFor(ctx context.Context, t *store.Tx, who store.ProviderUser, name string) (store.User, error) {
	if err := c.checkUserCount(t); err != nil {
		return store.User{}, err
	}
	user := c.s.userRow("", t.Now())
	user.Email, user.Name, user.EmailTarget = who.Email, name, c.s.newTarget(t)
	if err := t.InsertUser(ctx, c.project.ID, user, ""); err != nil || !who.EmailVerified {
		return user, err
	}
	user.EmailVerified = true
	return user, t.SetEmailVerified(ctx, c.project.ID, user.ID, true)
}

// insertOAuth2Session stores a session of a user who has signed in at a provider
// just now, by an identity.
func (c *call) insertOAuth2Session(t *store.Tx, u *store.User, identity store.Identity, secret string) (store.Session, error) {
	by := byOAuth2(identity.Provider)
	if identity.OneFactor {
		by = byOAuth2Alone(identity.Provider)
	}
	session := c.newSession(u, by, t.Now())
	session.ProviderUID, session.ProviderToken = identity.UID, identity.Token
	err := c.storeSession(t, &session, secret)
	session.ProviderToken = c.opened(&session)
	return session, err
}

// tradeOAuth2Token stores the session of a user for a one-time token of a provider.
// The token does not say by which of the user's identities there it was made: a
// single one that is OneFactor makes the session so. An identity that is gone
// meanwhile is store.ErrNotFound.
func (c *call) tradeOAuth2Token(t *store.Tx, u *store.User, provider, secret string) (store.Session, error) {
	ctx := c.r.Context()
	identity, err := t.LatestIdentity(ctx, c.project.ID, u.ID, provider)
	if err != nil {
		return store.Session{}, err
	}
	if identity.OneFactor, err = t.HasOneFactorIdentity(ctx, c.project.ID, u.ID, provider); err != nil {
		return store.Session{}, err
	}
	return c.insertOAuth2Session(t, u, identity, secret)
}

// insertOAuth2Token stores the one-time token of a user who signed in by an
// identity.
func (c *call) insertOAuth2Token(t *store.Tx, identity store.Identity, secret string) error {
	return t.CreateToken(c.r.Context(), c.project.ID, store.Token{
		ID: c.s.ids.Unique(t.Now()), UserID: identity.UserID, Kind: store.OAuth2Token, Address: identity.Provider,
		ExpiresAt: t.Now().Add(oauth2SecretLife), CreatedAt: t.Now(),
	}, ids.Hash(storedSecret(secret)))
}

// sealed are the tokens that a provider gave, as they are stored.
func (c *call) sealed(p *providers.Provider, tokens providers.Tokens, now time.Time) store.ProviderToken {
	key := providerTokenKey(c.project.ID, p)
	if key == nil {
		return store.ProviderToken{}
	}
	sealed := store.ProviderToken{Access: key.seal(tokens.Access), Refresh: key.seal(tokens.Refresh)}
	if tokens.Life > 0 {
		sealed.ExpiresAt = now.Add(tokens.Life)
	}
	return sealed
}
