package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// recoveryHandlers answer the recovery of accounts whose password is lost.
var recoveryHandlers = handlers{
	"account.createRecovery": (*call).createRecovery,
	"account.updateRecovery": (*call).updateRecovery,
}

// createRecovery mails a link by which the user of an e-mail address sets a new
// password: POST /account/recovery. Strangers are told the same, in about the same
// time, of an address that nobody has and of a blocked user, who gets no mail.
func (c *call) createRecovery() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	email, err := p.Email("email")
	if err != nil {
		return err
	}
	address, err := c.redirectURL(p, "url")
	if err != nil {
		return err
	}
	if err := c.mailReady(mail.Recovery); err != nil {
		return err
	}
	var token store.Token
	secret := newLinkSecret(linkBytes)
	err = c.act(func(t *store.Tx) error {
		user, err := t.UserByEmail(c.r.Context(), c.project.ID, email)
		switch {
		case c.byKey() && err == nil && user.Blocked:
			return wire.Fail(isojot.ErrUserBlocked)
		case errors.Is(err, store.ErrNotFound) && !c.byKey():
			user = store.User{ID: c.nobodysID(email), Email: email, Blocked: true}
		case err != nil:
			return noSuchUser(err)
		}
		if user.Blocked {
			token = c.decoy(t, user.ID, linkLife)
			return c.discard(t, c.recoveryMail(&user, &token, address, secret))
		}
		if token, err = c.createToken(t, &user, store.RecoveryToken, user.Email, ids.Hash(secret), linkLife); err != nil {
			return err
		}
		return c.mail(t, c.recoveryMail(&user, &token, address, secret))
	})
	if err != nil {
		return err
	}
	view := tokenView(&token)
	view.Secret = c.secretFor(secret)
	c.answer(http.StatusCreated, view)
	return nil
}

// recoveryMail is the mail that carries the link.
func (c *call) recoveryMail(u *store.User, token *store.Token, address, secret string) mail.Mail {
	m := c.mailTo(u, mail.Recovery, token, true)
	m.Values.Redirect = linkFor(address, token, secret)
	return m
}

// discard does what mailing takes, and leaves no mail: so that how long the answer
// takes does not tell that there is none.
func (c *call) discard(t *store.Tx, m mail.Mail) error {
	ctx, now := c.r.Context(), t.Now()
	made, err := c.s.templates.Mail(m, c.locale())
	if err != nil {
		return err
	}
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	id := c.s.ids.Unique(now)
	err = t.InsertMessage(ctx, store.Message{ID: id, Project: c.project.ID, Channel: store.ChannelMail, Kind: string(m.Kind), To: m.To,
		Body: string(body), State: store.MessageKept, DueAt: now, ExpiresAt: m.Expires, CreatedAt: now, UpdatedAt: now})
	if err != nil {
		return err
	}
	if err := t.DiscardMessage(ctx, id); err != nil {
		return err
	}
	return t.KeepMessages(ctx, mail.MaxKept)
}

// firstDay is before the ids of nobody begin.
var firstDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// nobodysID is what stands for the id of the user of an address that nobody has:
// always the same one, as a user's is, of a time that has been, and not to be told
// from one without the project's key. It changes when that is rotated.
func (c *call) nobodysID(email string) string {
	mac := hmac.New(sha256.New, c.project.Keys.Signer(c.now).Secret())
	mac.Write([]byte("recovery of nobody\x00" + c.project.ID + "\x00" + email))
	sum := mac.Sum(nil)
	// Within a time that doubles as the server gets older, for it to stay.
	span := time.Hour
	for firstDay.Add(2 * span).Before(c.now) {
		span *= 2
	}
	micros := firstDay.UnixMicro() + int64(binary.BigEndian.Uint64(sum)%uint64(span.Microseconds()))
	return fmt.Sprintf("%08x%05x%s", micros/1e6, micros%1e6, hex.EncodeToString(sum[8:])[:7])
}

// updateRecovery sets a new password by what a link was mailed with, verifies the
// address by that, as provesEmail does, and ends the user's sessions unless the
// project keeps them: PUT /account/recovery. It does not sign in.
func (c *call) updateRecovery() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	userID, secret, err := userAndSecret(p)
	if err != nil {
		return err
	}
	password, err := c.config.rules.newPassword(p, "password")
	if err != nil {
		return err
	}
	for {
		// A password that changed meanwhile ended the token; one that is only hashed
		// anew did not.
		token, err := c.trySecret(c.r.Context(), userID, ids.Hash(secret), password)
		if errors.Is(err, errRenewedMeanwhile) {
			continue
		}
		if err != nil {
			return err
		}
		c.answer(http.StatusOK, tokenView(&token))
		return nil
	}
}

// trySecret sets the password. Before it is hashed, which is dear, somebody must
// have shown the secret.
func (c *call) trySecret(ctx context.Context, userID, hash, password string) (token store.Token, err error) {
	if err := c.s.db.HasToken(ctx, c.project.ID, userID, hash, store.RecoveryToken); err != nil {
		return token, store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidToken))
	}
	renewed, err := c.renewed(ctx, userID, password)
	if err != nil {
		return token, store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidToken))
	}
	err = c.act(func(t *store.Tx) error {
		if err := renewed.stands(ctx, t, c); err != nil { // before takeSent, which may take the old one away
			return err
		}
		if token, err = c.takeSent(t, store.RecoveryToken, userID, hash); err != nil {
			return err
		}
		if err := renewed.set(ctx, t, c); err != nil || c.config.rules.KeepSessions {
			return err
		}
		return t.DeleteSessions(ctx, c.project.ID, userID)
	})
	return token, err
}
