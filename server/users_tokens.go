package server

import (
	"encoding/hex"
	"net/http"
	"time"

	"github.com/isojot/isojot/internal/store"
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
	digits, err := p.number("length", minTokenLength, maxTokenLength, defaultTokenLength)
	if err != nil {
		return err
	}
	seconds, err := p.number("expire", minTokenSeconds, maxTokenSeconds, defaultTokenSeconds)
	if err != nil {
		return err
	}
	token := store.Token{ID: c.s.ids.unique(c.now), UserID: userID,
		ExpiresAt: c.now.Add(time.Duration(seconds) * time.Second), CreatedAt: c.now}
	secret := tokenSecret(digits)
	ctx := c.r.Context()
	err = c.s.db.Tx(ctx, func(t *store.Tx) error { return t.CreateToken(ctx, c.project.ID, token, secretHash(secret)) })
	if err != nil {
		return noSuchUser(err)
	}
	c.answer(http.StatusCreated, tokenJSON{ID: token.ID, CreatedAt: date(token.CreatedAt), UserID: userID,
		Secret: secret, Expire: date(token.ExpiresAt)})
	return nil
}

// tokenSecret makes a secret of that many hex digits.
func tokenSecret(digits int) string {
	return hex.EncodeToString(randomBytes((digits + 1) / 2))[:digits]
}
