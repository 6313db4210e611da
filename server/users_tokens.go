package server

import (
	"encoding/hex"
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersTokenHandlers answer the creation of one-time tokens.
var usersTokenHandlers = handlers{
	"users.createToken": (*call).createUserToken,
}

// Bounds of one-time tokens (contract section 10).
const (
	minTokenLength, maxTokenLength   = 4, 128
	defaultTokenLength               = 6 // digits
	minTokenSeconds, maxTokenSeconds = 60, 31536000
	defaultTokenSeconds              = 900
)

// createUserToken makes a one-time token that its bearer can trade for a
// session of the user: POST /users/{userId}/tokens.
func (c *call) createUserToken() error {
	userID, err := c.userID()
	if err != nil {
		return err
	}
	p, err := c.params()
	if err != nil {
		return err
	}
	digits, err := p.Number("length", minTokenLength, maxTokenLength, defaultTokenLength)
	if err != nil {
		return err
	}
	seconds, err := p.Number("expire", minTokenSeconds, maxTokenSeconds, defaultTokenSeconds)
	if err != nil {
		return err
	}
	var token store.Token
	secret := tokenSecret(digits)
	err = c.act(func(t *store.Tx) error {
		token = store.Token{ID: c.s.ids.Unique(t.Now()), UserID: userID, Kind: store.LoginToken,
			ExpiresAt: t.Now().Add(time.Duration(seconds) * time.Second), CreatedAt: t.Now()}
		return t.CreateToken(c.r.Context(), c.project.ID, token, c.codeHash(userID, secret))
	})
	if err != nil {
		return noSuchUser(err)
	}
	c.answer(http.StatusCreated, tokenJSON{ID: token.ID, CreatedAt: wire.Date(token.CreatedAt), UserID: userID,
		Secret: secret, Expire: wire.Date(token.ExpiresAt)})
	return nil
}

// tokenSecret makes a secret of that many hex digits.
func tokenSecret(digits int) string {
	return hex.EncodeToString(ids.Random((digits + 1) / 2))[:digits]
}
