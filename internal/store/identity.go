package store

import (
	"context"
	"database/sql"
	"time"
)

// Identity is what a user is at a provider of OAuth 2. A provider's user is one
// user's alone.
type Identity struct {
	ID     string
	UserID string
	ProviderUser
	// Token is what the provider gave when the user last signed in there, sealed.
	Token ProviderToken
	// OneFactor says that sessions by it have shown one factor: its address led to
	// a user who asks for two.
	OneFactor bool

	CreatedAt, UpdatedAt time.Time
}

// ProviderUser is a user as a provider of OAuth 2 knows it.
type ProviderUser struct {
	// Provider is the provider's name in the project.
	Provider string
	// Issuer is who says the UID: another provider may get the name some day.
	Issuer string
	// UID is the user's id there.
	UID string
	// Email is in lower case; "" where the provider did not say one.
	Email string
	// EmailVerified says that the provider has verified the address.
	EmailVerified bool
}

// identityColumns are the columns of an Identity; dest is where they go.
const identityColumns = `i.id, i.user_id, i.provider, i.issuer, i.provider_uid, i.email, i.email_verified,
	i.access_token, i.token_expires_at, i.refresh_token, i.one_factor, i.created_at, i.updated_at`

func (i *Identity) dest() []any {
	return []any{&i.ID, &i.UserID, &i.Provider, &i.Issuer, &i.UID, &i.Email, &i.EmailVerified,
		&i.Token.Access, millis{&i.Token.ExpiresAt}, &i.Token.Refresh, &i.OneFactor, millis{&i.CreatedAt}, millis{&i.UpdatedAt}}
}

// identitiesTable is how identities are listed.
var identitiesTable = table{name: "identities", alias: "i", columns: identityColumns}

// IdentityColumns are the columns that identities can be listed by, by the names
// of their members in the API.
var IdentityColumns = map[string]Column{
	"$id":                       {expr: "i.id", unique: true},
	"$createdAt":                {expr: "i.created_at", Kind: KindTime},
	"$updatedAt":                {expr: "i.updated_at", Kind: KindTime},
	"userId":                    {expr: "i.user_id"},
	"provider":                  {expr: "i.provider"},
	"providerUid":               {expr: "i.provider_uid"},
	"providerEmail":             {expr: "i.email"},
	"providerAccessTokenExpiry": {expr: "i.token_expires_at", Kind: KindTime, key: "COALESCE(i.token_expires_at, -1)", missing: int64(-1)},
}

// IdentitiesOf is the condition that an identity is a user's.
func IdentitiesOf(user string) Condition {
	return Condition{Op: OpEqual, Column: Column{expr: "i.user_id"}, Values: []any{user}}
}

// Identities returns a page of the identities of a project. A cursor that is none
// is ErrNotFound.
func (db *DB) Identities(ctx context.Context, project string, p Page) ([]Identity, error) {
	list := []Identity{}
	err := db.list(ctx, identitiesTable, project, p, func(rows *sql.Rows) error {
		var i Identity
		if err := rows.Scan(i.dest()...); err != nil {
			return err
		}
		list = append(list, i)
		return p.room(len(i.Token.Access) + len(i.Token.Refresh))
	})
	turn(p, list)
	return list, err
}

// CountIdentities says for how many identities of a project a condition holds,
// counting no further than most.
func (db *DB) CountIdentities(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, identitiesTable, project, where, most)
}

// Identity returns an identity, or ErrNotFound.
func (t *Tx) Identity(ctx context.Context, project, id string) (i Identity, err error) {
	err = t.row(ctx, i.dest(), `SELECT `+identityColumns+` FROM identities i
		WHERE i.project_id = $1 AND i.id = $2`+t.db.dialect.lockRow, project, id)
	return i, err
}

// IdentityOf returns the identity of a provider's user, or ErrNotFound. Nobody else
// takes or gives up an identity of the project until the transaction ends.
func (t *Tx) IdentityOf(ctx context.Context, project string, u ProviderUser) (i Identity, err error) {
	if err := t.lockProject(ctx, project); err != nil {
		return Identity{}, err
	}
	err = t.row(ctx, i.dest(), `SELECT `+identityColumns+` FROM identities i
		WHERE i.project_id = $1 AND i.provider = $2 AND i.issuer = $3 AND i.provider_uid = $4`, project, u.Provider, u.Issuer, u.UID)
	return i, err
}

// LatestIdentity returns the identity by which a user last signed in at a
// provider, or ErrNotFound.
func (t *Tx) LatestIdentity(ctx context.Context, project, user, provider string) (i Identity, err error) {
	err = t.row(ctx, i.dest(), `SELECT `+identityColumns+` FROM identities i
		WHERE i.project_id = $1 AND i.user_id = $2 AND i.provider = $3 ORDER BY i.updated_at DESC, i.seq DESC LIMIT 1`, project, user, provider)
	return i, err
}

// HasOneFactorIdentity reports whether an identity of a user at a provider is
// OneFactor.
func (t *Tx) HasOneFactorIdentity(ctx context.Context, project, user, provider string) (bool, error) {
	return exists(ctx, t, `SELECT 1 FROM identities WHERE project_id = $1 AND user_id = $2 AND provider = $3 AND one_factor = 1`, project, user, provider)
}

// EmailOfOthers reports whether a provider has verified that an address is that
// of somebody else than the user ("": of anybody).
func (t *Tx) EmailOfOthers(ctx context.Context, project, user, email string) (bool, error) {
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM identities i
		WHERE i.project_id = $1 AND i.email = $2 AND i.email_verified = 1 AND i.user_id <> $3`, project, email, user)
	return n > 0, err
}

// InsertIdentity stores a new identity of a user. A provider's user that somebody
// has already is ErrDuplicate, an unknown user ErrNotFound.
func (t *Tx) InsertIdentity(ctx context.Context, project string, i Identity) error {
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	if err := t.mustHaveUser(ctx, project, i.UserID); err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO identities (project_id, id, user_id, provider, issuer, provider_uid, email, email_verified,
		access_token, token_expires_at, refresh_token, one_factor, created_at, updated_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
			(SELECT COALESCE(MAX(seq), 0) + 1 FROM identities WHERE project_id = $1)) ON CONFLICT DO NOTHING`,
		project, i.ID, i.UserID, i.Provider, i.Issuer, i.UID, i.Email, bit(i.EmailVerified),
		i.Token.Access, ms(i.Token.ExpiresAt), i.Token.Refresh, bit(i.OneFactor), ms(i.CreatedAt), ms(i.UpdatedAt))
}

// RenewIdentity stores what the provider said last. An unknown identity is
// ErrNotFound.
func (t *Tx) RenewIdentity(ctx context.Context, project, id string, u ProviderUser, token ProviderToken) error {
	return found(t.exec(ctx, `UPDATE identities SET email = $1, email_verified = $2, access_token = $3, token_expires_at = $4,
		refresh_token = $5, updated_at = CASE WHEN updated_at > CAST($6 AS BIGINT) THEN updated_at ELSE CAST($6 AS BIGINT) END
		WHERE project_id = $7 AND id = $8`,
		u.Email, bit(u.EmailVerified), token.Access, ms(token.ExpiresAt), token.Refresh, ms(t.Now()), project, id))
}

// HasIdentity reports whether a user, who is locked, has an identity.
func (t *Tx) HasIdentity(ctx context.Context, project, user string) (bool, error) {
	var n int
	err := t.row(ctx, []any{&n}, `SELECT COUNT(*) FROM identities WHERE project_id = $1 AND user_id = $2`, project, user)
	return n > 0, err
}

// DeleteIdentity deletes an identity and ends what its user signed in to by it:
// sessions but the one to keep ("": none), and one-time tokens of the provider. An
// unknown one is ErrNotFound.
func (t *Tx) DeleteIdentity(ctx context.Context, project string, i Identity, keep string) error {
	if err := t.lockUser(ctx, project, i.UserID); err != nil {
		return err
	}
	if err := found(t.exec(ctx, `DELETE FROM identities WHERE project_id = $1 AND id = $2`, project, i.ID)); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE project_id = $1 AND user_id = $2 AND kind = $3 AND address = $4`,
		project, i.UserID, string(OAuth2Token), i.Provider)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM sessions WHERE project_id = $1 AND user_id = $2 AND provider = $3 AND provider_uid = $4 AND id <> $5`,
		project, i.UserID, i.Provider, i.UID, keep)
	if err != nil {
		return err
	}
	return t.dropTargets(ctx, project, i.UserID)
}

// deleteUnprovenIdentities deletes the identities of a user that do not show, by
// a provider's word, that they are of whom the address is: whoever signed up with
// it before its owner showed that it is theirs, could get in by them.
func (t *Tx) deleteUnprovenIdentities(ctx context.Context, project, user, email string) error {
	if err := t.lockUser(ctx, project, user); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM identities WHERE project_id = $1 AND user_id = $2 AND NOT (email = $3 AND email_verified = 1)`,
		project, user, email)
	return err
}

// TakeOver gives an account to the one whom its e-mail address, which nobody had
// verified, is now known to be of: all by which whoever made the account could get
// in, or keep its owner out, ends. That is its sessions, one-time tokens but for
// those that were sent to the address, which show the same, the password and those
// before, the phone number, second factors, messaging targets of its own, and
// identities that do not show the address. Invitations sign in to it no more. What
// stays is the name, preferences, labels and memberships.
func (t *Tx) TakeOver(ctx context.Context, project, user, email string) error {
	if err := t.updateUser(ctx, project, user, `email_verified = 1, password = NULL, password_at = NULL, password_history = '[]', mfa = 0, phone = NULL, phone_verified = 0,
		phone_target_id = NULL, phone_target_created_at = NULL, phone_target_updated_at = NULL`); err != nil {
		return err
	}
	if err := t.deleteTokensBut(ctx, project, user, email); err != nil {
		return err
	}
	for _, table := range []string{"sessions", "authenticators", "recovery_codes", "challenges", "targets"} {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE project_id = $1 AND user_id = $2`, project, user); err != nil {
			return err
		}
	}
	if err := t.keepTargets(ctx, project, user); err != nil {
		return err
	}
	return t.deleteUnprovenIdentities(ctx, project, user, email)
}
