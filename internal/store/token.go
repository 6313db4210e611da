package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// TokenKind is what a token is for. A token is taken for no other kind.
type TokenKind string

// The kinds. All but the last three are traded for a session.
const (
	LoginToken             TokenKind = "token"     // made by a server with a key
	MagicURLToken          TokenKind = "magic-url" // in a link that is mailed
	EmailToken             TokenKind = "email"     // a code that is mailed
	PhoneToken             TokenKind = "phone"     // a code that is sent to a phone
	OAuth2Token            TokenKind = "oauth2"    // after signing in at a provider
	RecoveryToken          TokenKind = "recovery"
	VerificationToken      TokenKind = "verification"
	PhoneVerificationToken TokenKind = "phone-verification"
)

// Token is a one-time token of a user. Its secret is not in it: only the
// secret's hash is stored.
type Token struct {
	ID     string
	UserID string
	Kind   TokenKind
	// Address is the e-mail address or phone number that it was sent to, of an
	// OAuth2Token the provider; "" for those that are not sent.
	Address string
	// ExpiresAt is the first moment in which the token is no longer valid.
	ExpiresAt time.Time
	CreatedAt time.Time
}

// most is how many tokens of a kind a user can have at a time. Of codes they are
// few: each is one more guess that is right.
func (k TokenKind) most() int {
	switch k {
	case EmailToken, PhoneToken, PhoneVerificationToken:
		return 20
	}
	return 100
}

// sentTo are the kinds that are sent to an e-mail address and to a phone number,
// by the names of their columns.
var sentTo = map[string][]TokenKind{
	"email": {MagicURLToken, EmailToken, RecoveryToken, VerificationToken},
	"phone": {PhoneToken, PhoneVerificationToken},
}

// CreateToken stores a new token under the hash of its secret, and forgets the
// user's tokens that have expired, and the oldest of its kind beyond the most
// that a user can have. An unknown user is ErrNotFound.
func (t *Tx) CreateToken(ctx context.Context, project string, token Token, secretHash string) error {
	if err := t.mustHaveUser(ctx, project, token.UserID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND expires_at <= $3`,
		project, token.UserID, ms(t.Now()))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND kind = $3 AND id NOT IN (
		SELECT id FROM tokens WHERE project_id = $1 AND user_id = $2 AND kind = $3 ORDER BY created_at DESC, id DESC LIMIT $4)`,
		project, token.UserID, string(token.Kind), token.Kind.most()-1)
	if err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO tokens (project_id, user_id, id, secret_hash, expires_at, created_at, kind, address)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		project, token.UserID, token.ID, secretHash, ms(token.ExpiresAt), ms(token.CreatedAt), string(token.Kind), token.Address)
}

// TakeToken deletes the token of a user with that secret, of one of the kinds,
// and returns it, the oldest one if several have it. None that is valid is
// ErrNotFound: then nothing is deleted.
func (t *Tx) TakeToken(ctx context.Context, project, user, secretHash string, kinds ...TokenKind) (Token, error) {
	token := Token{UserID: user}
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return Token{}, err
	}
	args := []any{project, user, secretHash, ms(t.Now())}
	in := places(&args, kinds)
	err := t.row(ctx, []any{&token.ID, (*string)(&token.Kind), &token.Address, millis{&token.ExpiresAt}, millis{&token.CreatedAt}},
		`SELECT id, kind, address, expires_at, created_at
		FROM tokens WHERE project_id = $1 AND user_id = $2 AND secret_hash = $3 AND expires_at > $4 AND kind IN (`+in+`)
		ORDER BY created_at, id LIMIT 1`, args...)
	if err != nil {
		return Token{}, err
	}
	return token, found(t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND id = $3`,
		project, user, token.ID))
}

// HasToken answers ErrNotFound unless TakeToken would find such a token now.
func (db *DB) HasToken(ctx context.Context, project, user, secretHash string, kind TokenKind) error {
	var id string
	return db.row(ctx, []any{&id}, `SELECT id FROM tokens
		WHERE project_id = $1 AND user_id = $2 AND secret_hash = $3 AND expires_at > $4 AND kind = $5 ORDER BY created_at, id LIMIT 1`,
		project, user, secretHash, ms(db.Now()), string(kind))
}

// places adds kinds to the arguments of a query, and names their places in it.
func places(args *[]any, kinds []TokenKind) string {
	var all []string
	for _, kind := range kinds {
		*args = append(*args, string(kind))
		all = append(all, "$"+strconv.Itoa(len(*args)))
	}
	return strings.Join(all, ", ")
}

// deleteSent deletes a user's tokens that were sent by the column of that name:
// who reads what came to the address before, is no longer the user.
func (t *Tx) deleteSent(ctx context.Context, project, user, column string) error {
	args := []any{project, user}
	in := places(&args, sentTo[column])
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND kind IN (`+in+`)`, args...)
	return err
}

// deleteTokens deletes all tokens of a user, and lets no invitation sign in that
// was sent before.
func (t *Tx) deleteTokens(ctx context.Context, project, user string) error {
	if _, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2`, project, user); err != nil {
		return err
	}
	return t.endInvitations(ctx, project, user)
}

// deleteTokensBut is deleteTokens that keeps what was sent to an e-mail address.
func (t *Tx) deleteTokensBut(ctx context.Context, project, user, email string) error {
	args := []any{project, user, email}
	in := places(&args, sentTo["email"])
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND NOT (address = $3 AND kind IN (`+in+`))`, args...)
	if err != nil {
		return err
	}
	return t.endInvitations(ctx, project, user)
}

// lockUser is mustHaveUser for what an unknown user makes no difference to.
// Where a transaction has the whole database to itself, there is nothing to do.
func (t *Tx) lockUser(ctx context.Context, project, id string) error {
	if t.db.dialect.lockRow == "" {
		return nil
	}
	if err := t.mustHaveUser(ctx, project, id); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}
