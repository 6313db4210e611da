package server

import (
	"cmp"
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/useragent"
	"github.com/isojot/isojot/server/internal/wire"
)

// challengeLife is how long a challenge can be answered.
const challengeLife = time.Hour

// factorCustom is Appwrite's factor that programs of the project check.
const factorCustom store.Factor = "custom"

// challengeFactors are what a challenge may ask for, in lower case: SDKs differ
// in how they write recoveryCode.
var challengeFactors = map[string]store.Factor{
	"email": store.FactorEmail, "phone": store.FactorPhone, "totp": store.FactorTOTP,
	"recoverycode": store.FactorRecoveryCode, "custom": factorCustom,
}

// factorParam is the factor that the caller wants to show.
func factorParam(p wire.Params) (store.Factor, error) {
	name, err := p.Text("factor", "Value must be one of (email, phone, totp, recoverycode, custom)",
		func(s string) bool { return challengeFactors[strings.ToLower(s)] != "" })
	return challengeFactors[strings.ToLower(name)], err
}

// createChallenge asks the caller for a second factor, and sends a code where
// the factor needs one: POST /account/mfa/challenges. It ends no other challenge.
func (c *call) createChallenge() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	factor, err := factorParam(p)
	switch {
	case err != nil:
		return err
	case factor == factorCustom:
		return wire.Failf(isojot.ErrUserAuthMethodUnsupported, "The requested factor is disabled by the MFA factors policy")
	}
	var made store.Challenge
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) error {
		made = store.Challenge{ID: c.s.ids.Unique(t.Now()), UserID: c.user.ID, Factor: factor, CreatedAt: t.Now(), ExpiresAt: t.Now().Add(challengeLife)}
		if err := c.sendChallenge(t, &made); err != nil {
			return err
		}
		return t.InsertChallenge(ctx, c.project.ID, made)
	})
	if err != nil {
		return err
	}
	c.answer(http.StatusCreated, challengeJSON{made.ID, wire.Date(made.CreatedAt), made.UserID, wire.Date(made.ExpiresAt)})
	return nil
}

// sendChallenge sends the code of a challenge, if it has one.
func (c *call) sendChallenge(t *store.Tx, ch *store.Challenge) error {
	switch ch.Factor {
	case store.FactorEmail:
		return c.mailChallenge(t, ch)
	case store.FactorPhone:
		return c.textChallenge(t, ch)
	}
	return nil
}

// mailChallenge mails the code of a challenge.
func (c *call) mailChallenge(t *store.Tx, ch *store.Challenge) error {
	if err := c.mailReady(mail.MFAChallenge); err != nil {
		return err
	}
	switch {
	case c.user.Email == "":
		return wire.Fail(isojot.ErrUserEmailNotFound)
	case !c.user.EmailVerified:
		return wire.Fail(isojot.ErrUserEmailNotVerified)
	}
	agent := useragent.Parse(c.userAgent())
	values := mail.Values{User: c.user.Name, OTP: newChallengeCode(ch, c.user.Email), AgentClient: cmp.Or(agent.Name, unknownAgent),
		AgentOS: cmp.Or(agent.OSName, unknownAgent), AgentDevice: cmp.Or(agent.DeviceBrand, unknownAgent)}
	return c.mail(t, mail.Mail{Kind: mail.MFAChallenge, To: ch.Address, Values: values, Expires: ch.ExpiresAt})
}

// textChallenge sends the code of a challenge to the caller's phone.
func (c *call) textChallenge(t *store.Tx, ch *store.Challenge) error {
	if err := c.textReady(); err != nil {
		return err
	}
	switch {
	case c.user.Phone == "":
		return wire.Fail(isojot.ErrUserPhoneNotFound)
	case !c.user.PhoneVerified:
		return wire.Fail(isojot.ErrUserPhoneNotVerified)
	}
	return c.text(t, mail.Text{Kind: mail.TextMFA, To: c.user.Phone, Values: mail.Values{OTP: newChallengeCode(ch, c.user.Phone)}, Expires: ch.ExpiresAt})
}

// unknownAgent is what a mail calls a client that it knows nothing of.
const unknownAgent = "UNKNOWN"

// newChallengeCode makes the code of a challenge, of six digits, which goes to an
// address.
func newChallengeCode(ch *store.Challenge, address string) string {
	code := newCode()
	ch.Address, ch.CodeHash = address, challengeHash(ch.ID, code)
	return code
}

// challengeHash is what is stored of a code. It keeps it from being read, not
// from being guessed: there are a million of them.
func challengeHash(id, code string) string { return ids.Hash(id + " " + code) }

// answerChallenge takes the caller's answer to a challenge, once, and raises the
// session whose secret is presented, whichever one asked: PUT
// /account/mfa/challenges. As in Appwrite, the answer does not say that it is
// the current one.
func (c *call) answerChallenge() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	id, err := p.Secret("challengeId")
	if err != nil {
		return err
	}
	code, err := p.Secret("otp")
	if err != nil {
		return err
	}
	if c.session == nil { // a JWT, of which no session is raised
		return wire.Fail(isojot.ErrSessionNotFound)
	}
	var session store.Session
	ctx := c.r.Context()
	err = c.act(func(t *store.Tx) (err error) {
		ch, err := t.Challenge(ctx, c.project.ID, c.user.ID, id)
		if err != nil {
			return err
		}
		if err := c.takeAnswer(ctx, t, &ch, code); err != nil {
			return err
		}
		session, err = t.RaiseSession(ctx, c.project.ID, c.user.ID, c.session.ID, t.Now(), ch.Factor)
		if err != nil {
			return err
		}
		return c.counted.forgive(ctx, t, c.project.ID) // tries that fail are what is bounded
	})
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrUserInvalidToken))
	}
	view := sessionView(&session, false)
	view.CountryName, view.MFAUpdatedAt = "", session.MFAAt.UTC().Format(databaseDate)
	c.answer(http.StatusOK, view)
	return nil
}

// takeAnswer takes the answer to a challenge, and with it the challenge. One
// that is wrong is ErrNotFound or a refusal.
func (c *call) takeAnswer(ctx context.Context, t *store.Tx, ch *store.Challenge, code string) error {
	if err := c.takeCode(ctx, t, ch, code); err != nil {
		return err
	}
	return t.DeleteChallenge(ctx, c.project.ID, c.user.ID, ch.ID)
}

// takeCode takes a code by the challenge's factor.
func (c *call) takeCode(ctx context.Context, t *store.Tx, ch *store.Challenge, code string) error {
	switch ch.Factor {
	case store.FactorTOTP:
		a, err := t.Authenticator(ctx, c.project.ID, c.user.ID)
		if err != nil || !a.Verified {
			return cmp.Or(err, store.ErrNotFound)
		}
		return c.takeTOTP(ctx, t, a, code)
	case store.FactorRecoveryCode:
		return t.TakeRecoveryCode(ctx, c.project.ID, c.user.ID, code)
	case store.FactorEmail:
		return checkSentCode(ch, code, c.user.Email, c.user.EmailVerified)
	case store.FactorPhone:
		return checkSentCode(ch, code, c.user.Phone, c.user.PhoneVerified)
	}
	return store.ErrNotFound
}

// checkSentCode refuses a code that was not sent for the challenge, or not to
// the address that the user has verified: it may have changed since.
func checkSentCode(ch *store.Challenge, code, address string, verified bool) error {
	if subtle.ConstantTimeCompare([]byte(challengeHash(ch.ID, code)), []byte(ch.CodeHash)) != 1 || !verified || address != ch.Address {
		return store.ErrNotFound
	}
	return nil
}
