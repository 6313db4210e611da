package server

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/wire"
)

// sealedPrefix begins what tokenKey.seal makes.
const sealedPrefix = "sealed1."

// tokenKey encrypts the tokens that a provider gives (AES-256-GCM), so that who
// reads the database cannot use them. It is made of the client's secret, which is
// not in the database: with another secret, tokens from before count as none.
type tokenKey struct{ cipher.AEAD }

// providerTokenKey is the key of a provider of a project; nil for a client without
// a secret, whose tokens are not kept.
func providerTokenKey(project string, p *providers.Provider) *tokenKey {
	if p == nil || p.Secret() == "" {
		return nil
	}
	key, err := hkdf.Key(sha256.New, []byte(p.Secret()), nil, "isojot provider tokens\x00"+project+"\x00"+p.Name(), 32)
	if err != nil { // 32 bytes can always be had
		panic(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return &tokenKey{aead}
}

// seal encrypts a token; none stays none.
func (k *tokenKey) seal(token string) string {
	if token == "" {
		return ""
	}
	return sealedPrefix + base64.RawURLEncoding.EncodeToString(k.Seal(nil, nil, []byte(token), nil))
}

// open is what was sealed; "" for what another key has sealed.
func (k *tokenKey) open(sealed string) string {
	text, ok := strings.CutPrefix(sealed, sealedPrefix)
	if !ok || k == nil {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	token, err := k.Open(nil, nil, raw, nil)
	if err != nil {
		return ""
	}
	return string(token)
}

// openToken opens what is stored of a provider's tokens. Who reads as another, does not
// get what opens that one's account elsewhere.
func (c *call) openToken(provider string, sealed store.ProviderToken) store.ProviderToken {
	if c.impersonator != "" {
		return store.ProviderToken{}
	}
	key := providerTokenKey(c.project.ID, c.config.oauth2[provider])
	opened := store.ProviderToken{Access: key.open(sealed.Access), Refresh: key.open(sealed.Refresh)}
	if opened.Access != "" {
		opened.ExpiresAt = sealed.ExpiresAt
	}
	return opened
}

// opened are the tokens of a session that its provider gave.
func (c *call) opened(s *store.Session) store.ProviderToken {
	if s.ProviderToken == (store.ProviderToken{}) { // nearly always
		return s.ProviderToken
	}
	return c.openToken(s.Provider, s.ProviderToken)
}

// renewProviderTokens asks the provider of a session for new tokens, before the
// session itself is extended. A provider that cannot be asked, or refuses, leaves
// those that there are: the session is this server's.
func (c *call) renewProviderTokens(id string) error {
	ctx := c.r.Context()
	session, err := c.s.db.Session(ctx, c.project.ID, c.user.ID, id)
	if err != nil {
		return store.NotFoundAs(err, nil) // which is told later
	}
	provider, refresh := c.config.oauth2[session.Provider], c.opened(&session).Refresh
	if provider == nil || refresh == "" || !session.ValidAt(c.now) {
		return nil
	}
	if err := c.memory().hold(providers.MaxAnswer); err != nil {
		return err
	}
	defer c.memory().give(providers.MaxAnswer)
	// Once for all who ask at this moment: some providers let a refresh token be
	// used once, and take a second use for a theft.
	answer, err, _ := c.s.renewals.Do(c.project.ID+"\x00"+c.user.ID+"\x00"+id+"\x00"+session.ProviderToken.Refresh, func() (any, error) {
		return provider.Refresh(ctx, refresh)
	})
	if err != nil {
		c.s.log.Warn("a provider's tokens could not be renewed", "project", c.project.ID, "provider", provider.Name(), "session", id, "error", shortText(err.Error()))
		return ctx.Err()
	}
	tokens := answer.(providers.Tokens)
	err = c.act(func(t *store.Tx) error {
		return t.RenewProviderToken(ctx, c.project.ID, c.user.ID, id, session.ProviderToken.Refresh, c.sealed(provider, tokens, t.Now()))
	})
	return store.NotFoundAs(err, nil) // renewed by another request, or gone
}

// providerTokenJSON are a provider's tokens as they are shown. What is stored of
// them shows as none, until it is opened.
func providerTokenJSON(t store.ProviderToken) (access, expiry, refresh string) {
	if strings.HasPrefix(t.Access, sealedPrefix) || strings.HasPrefix(t.Refresh, sealedPrefix) {
		return "", "", ""
	}
	if !t.ExpiresAt.IsZero() {
		expiry = wire.Date(t.ExpiresAt)
	}
	return t.Access, expiry, t.Refresh
}
