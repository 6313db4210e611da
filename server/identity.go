package server

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/sessioncookie"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// headerJWT carries a JWT. The spelling is that of http.Header's keys.
const headerJWT = "X-Appwrite-Jwt"

// identify finds out whom the request acts for: by a session, by a JWT, or as
// a guest. What is presented but not valid makes a guest, except for a JWT
// that does not verify (contract section 5.3).
func (c *call) identify() error {
	// Several headers are one list in HTTP; a list of tokens is no token.
	token := strings.Join(c.r.Header[headerJWT], ", ")
	switch {
	case c.unknownProject: // which is refused later
		return nil
	case c.project == nil:
		return checkForm(token)
	}
	if err := c.identifyBySession(); err != nil {
		return err
	}
	if token == "" {
		return nil
	}
	if c.session != nil {
		return wire.Fail(isojot.ErrUserJWTAndCookieSet)
	}
	c.byJWT = true
	return c.identifyByJWT(token)
}

// checkForm refuses what is no token at all, where no project says which key
// a token would have to be signed with; one that could be good makes a guest.
func checkForm(token string) error {
	if token == "" {
		return nil
	}
	_, err := userjwt.Ring(nil).Verify(token, time.Time{})
	if err == nil || errors.Is(err, userjwt.ErrSignature) {
		return nil
	}
	return refusedJWT(err)
}

// identifyBySession takes the session whose secret is presented. The mode
// "admin" means the users of Appwrite's console, of whom there are none here.
func (c *call) identifyBySession() error {
	if c.r.Header.Get("X-Appwrite-Mode") == "admin" {
		return nil
	}
	userID, secret, ok := c.presented()
	if !ok {
		return nil
	}
	user, session, err := c.s.db.UserBySecret(c.r.Context(), c.project.ID, userID, ids.Hash(secret))
	if errors.Is(err, store.ErrNotFound) {
		c.logDecision(slog.LevelInfo, "guest", "no session has the presented secret", slog.String("user", userID))
		return nil
	}
	if err != nil {
		return err
	}
	if !session.ValidAt(c.now) {
		c.logDecision(slog.LevelInfo, "guest", "the session has expired", slog.String("user", user.ID), slog.String("session", session.ID))
		return nil
	}
	c.user, c.session, c.factors = &user, &session, session.Factors
	c.logDecision(slog.LevelDebug, "session", "the secret is valid", slog.String("user", user.ID), slog.String("session", session.ID))
	return nil
}

// identifyByJWT takes the user of a token, if its session is alive.
func (c *call) identifyByJWT(token string) error {
	claims, err := c.verifyJWT(token)
	if err != nil {
		return err
	}
	about := []slog.Attr{slog.String("user", claims.UserID), slog.String("session", claims.SessionID)}
	bearer, err := c.s.db.Bearer(c.r.Context(), c.project.ID, claims.UserID, claims.SessionID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		c.logDecision(slog.LevelInfo, "guest", "the JWT is valid, but its user or session is gone", about...)
		return nil
	case err != nil:
		return err
	case bearer.KeyVersion != c.project.Version: // the key that verified it may be gone
		if c.project, err = c.s.projects.Reload(c.r.Context(), c.project.ID); err != nil {
			return err
		}
		if _, err := c.verifyJWT(token); err != nil {
			return err
		}
	}
	if !bearer.AliveAt(c.now) {
		c.logDecision(slog.LevelInfo, "guest", "the JWT is valid, but its session has expired", about...)
		return nil
	}
	c.user, c.claims, c.factors = &bearer.User, claims, bearer.SessionFactors
	c.logDecision(slog.LevelDebug, "jwt", "the JWT is valid", about...)
	return nil
}

// presented is the user id and secret that the request presents: those of the
// cookie, else of X-Appwrite-Session, else of X-Fallback-Cookies, taking the
// next one where one does not decode (contract section 1).
func (c *call) presented() (userID, secret string, ok bool) {
	name := cookieName(c.project.ID)
	for _, text := range []func() string{
		func() string { return c.cookieValue(name) },
		func() string { return c.r.Header.Get("X-Appwrite-Session") },
		func() string { return fallbackValue(c.r.Header.Get(headerFallback), name) },
	} {
		if userID, secret, ok = decodeStore(text()); ok {
			return userID, secret, true
		}
	}
	return "", "", false
}

// cookieValue is the session cookie's value: the legacy cookie's only when
// the other one is absent, not when it is empty or bad. Two cookies of one name
// that differ count as none.
func (c *call) cookieValue(name string) string {
	cookies := c.r.CookiesNamed(name)
	if len(cookies) == 0 {
		cookies = c.r.CookiesNamed(name + legacySuffix)
	}
	value, ok := sessioncookie.Agreed(cookies)
	if !ok {
		c.logDecision(slog.LevelInfo, "no cookie", "two cookies of the session's name differ, and one may be a neighbouring host's")
	}
	// Percent-decoding that keeps the + of base64.
	if decoded, err := url.PathUnescape(value); err == nil {
		return decoded
	}
	return value
}

// fallbackValue is the cookie of that name in X-Fallback-Cookies.
func fallbackValue(header, name string) string {
	if header == "" {
		return ""
	}
	var cookies map[string]any
	if json.Unmarshal([]byte(header), &cookies) != nil {
		return ""
	}
	value, _ := cookies[name].(string)
	return value
}
