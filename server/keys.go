package server

import (
	"log/slog"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// fixedKey is the id of the key that Options give a project: it is not stored.
const fixedKey = "options"

// key is the API key the request presents.
func (c *call) key() string { return c.r.Header.Get("X-Appwrite-Key") }

// byKey reports whether the request comes with a valid API key.
func (c *call) byKey() bool { return c.apiKey != nil }

// checkKey finds the API key that is presented, and refuses unknown and
// expired ones. A key counts in its own project only.
func (c *call) checkKey() error {
	presented := c.key()
	if presented == "" || c.project == nil {
		return nil
	}
	key, err := c.findKey(presented)
	if err := refusedKey(&key, err, c.now); err != nil {
		return err
	}
	c.apiKey = &key
	c.logDecision(slog.LevelDebug, "key", "the API key is valid", slog.String("key", key.ID))
	return nil
}

// refusedKey is the answer to an API key that is not good, if it is not; err is
// what looking for it has said.
func refusedKey(key *store.Key, err error, now time.Time) error {
	if err == nil && key.ExpiredAt(now) {
		return wire.Fail(isojot.ErrProjectKeyExpired)
	}
	return store.NotFoundAs(err, wire.Fail(isojot.ErrUserUnauthorized))
}

// findKey returns the project's key that is presented. Only hashes are
// compared, so the time of a comparison tells nothing about a key.
func (c *call) findKey(presented string) (store.Key, error) {
	if executions.IsEphemeral(presented) {
		return c.s.runs.EphemeralKey(c.project.ID, presented)
	}
	hash := ids.Hash(presented)
	if c.config.keyHash == hash {
		return store.Key{ID: fixedKey, Name: fixedKey, Scopes: grantable}, nil
	}
	return c.s.db.KeyByHash(c.r.Context(), c.project.ID, hash)
}

// userAgent is the user agent that the request acts for: a server with an API
// key can name its own client's (contract section 1).
func (c *call) userAgent() string {
	if forwarded := c.r.Header.Get("X-Forwarded-User-Agent"); forwarded != "" && c.byKey() {
		return forwarded
	}
	return c.r.UserAgent()
}

// shownSecret is the secret of a new session as the response may show it: only
// servers with an API key see it there, browsers have their cookies (contract
// section 4).
func (c *call) shownSecret(userID, secret string) string {
	if !c.byKey() {
		return ""
	}
	return encodeStore(userID, secret)
}
