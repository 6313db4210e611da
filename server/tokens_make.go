package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/useragent"
	"github.com/isojot/isojot/server/internal/wire"
)

// How long tokens are valid.
const (
	linkLife              = time.Hour
	codeLife              = 15 * time.Minute
	phoneVerificationLife = time.Hour
)

// Lengths of the secrets in links, in bytes before they are written in hex.
const (
	magicBytes = 32
	linkBytes  = 128 // of recoveries and verifications
)

// newLinkSecret makes a secret of that many bytes.
func newLinkSecret(n int) string { return hex.EncodeToString(ids.Random(n)) }

// newCode makes a code of six digits, all equally likely.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1e6))
	if err != nil { // crypto/rand cannot fail since Go 1.24
		panic(err)
	}
	return fmt.Sprintf("%06d", n)
}

// codeHash is what is stored of a secret that can be guessed. Its user is in the
// hash, so that no table of the million hashes of all codes tells them, and two
// users' equal ones are not seen to be equal. It cannot withstand whoever reads
// the database and computes the million for one user; what does, is that codes
// end after 15 minutes, and that countGuess lets few be tried. Of what kind it is,
// is compared beside the hash.
func (c *call) codeHash(userID, secret string) string {
	return ids.Hash("code\x00" + c.project.ID + "\x00" + userID + "\x00" + secret)
}

// createToken stores a new token of a user under the hash of its secret.
func (c *call) createToken(t *store.Tx, u *store.User, kind store.TokenKind, address, hash string, life time.Duration) (store.Token, error) {
	token := store.Token{ID: c.s.ids.Unique(t.Now()), UserID: u.ID, Kind: kind, Address: address,
		ExpiresAt: t.Now().Add(life), CreatedAt: t.Now()}
	return token, t.CreateToken(c.r.Context(), c.project.ID, token, hash)
}

// tokenView is a token as it is answered, without its secret.
func tokenView(token *store.Token) tokenJSON {
	return tokenJSON{ID: token.ID, CreatedAt: wire.Date(token.CreatedAt), UserID: token.UserID, Expire: wire.Date(token.ExpiresAt)}
}

// keepFrom makes no token for a user who may not sign in by it. Servers with an API
// key learn why; others are told the same as of one that was made.
func (c *call) keepFrom(t *store.Tx, u *store.User, why isojot.ErrorType, life time.Duration, told *store.Token) error {
	if c.byKey() {
		return wire.Fail(why)
	}
	*told = c.decoy(t, u.ID, life)
	return nil
}

// decoy is what strangers are told of a token that was not made.
func (c *call) decoy(t *store.Tx, userID string, life time.Duration) store.Token {
	return store.Token{ID: c.s.ids.Unique(t.Now()), UserID: userID, ExpiresAt: t.Now().Add(life), CreatedAt: t.Now()}
}

// secretFor is a secret as the answer may show it: to servers with an API key.
func (c *call) secretFor(secret string) string {
	if !c.byKey() {
		return ""
	}
	return secret
}

// linkFor is the link that carries the secret of a token.
func linkFor(address string, token *store.Token, secret string, more ...linkParam) string {
	params := []linkParam{{"userId", token.UserID}, {"secret", secret}, {"expire", wire.Date(token.ExpiresAt)}}
	return linkTo(address, append(params, more...)...)
}

// userOr returns the user that find finds, or else makes one with that id, as fill
// fills it in. An id that another user has is refused: Appwrite fails there (500).
func (c *call) userOr(t *store.Tx, id string, find func() (store.User, error), fill func(*store.User)) (store.User, error) {
	user, err := find()
	if !errors.Is(err, store.ErrNotFound) {
		return user, err
	}
	if err := c.checkUserCount(t); err != nil {
		return user, err
	}
	user = c.s.userRow(id, t.Now())
	fill(&user)
	err = t.InsertUser(c.r.Context(), c.project.ID, user, "")
	if !errors.Is(err, store.ErrDuplicate) {
		return user, err
	}
	if user, err = find(); errors.Is(err, store.ErrNotFound) { // else somebody has made it meanwhile
		err = wire.Fail(isojot.ErrUserAlreadyExists)
	}
	return user, err
}

// userByEmail is userOr for an e-mail address. A new user gets a messaging target
// if asked for.
func (c *call) userByEmail(t *store.Tx, id, email string, withTarget bool) (store.User, error) {
	return c.userOr(t, id, func() (store.User, error) { return t.UserByEmail(c.r.Context(), c.project.ID, email) }, func(u *store.User) {
		u.Email = email
		if withTarget {
			u.EmailTarget = c.s.newTarget(t)
		}
	})
}

// mailTo is a mail to a user about a token, with what asked for it. It goes to the
// address as it is stored, whatever spelling of it was sent, and has the user's
// name there if named says so.
func (c *call) mailTo(u *store.User, kind mail.Kind, token *store.Token, named bool) mail.Mail {
	agent := useragent.Parse(c.userAgent())
	m := mail.Mail{Kind: kind, To: u.Email, Expires: token.ExpiresAt, Values: mail.Values{
		User: u.Name, AgentClient: agent.Name, AgentOS: agent.OSName, AgentDevice: agent.DeviceName,
	}}
	if named {
		m.ToName = u.Name
	}
	return m
}
