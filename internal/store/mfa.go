package store

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Factor is a way to show who one is beside the first.
type Factor string

// The factors, as sessions name them.
const (
	FactorTOTP         Factor = "totp"
	FactorEmail        Factor = "email"
	FactorPhone        Factor = "phone"
	FactorRecoveryCode Factor = "recoveryCode"
)

// FactorsAsked is how many factors a session needs, where a second one is asked
// for.
const FactorsAsked = 2

// Factors are the second factors that a user has.
type Factors struct {
	// TOTP says that there is a verified authenticator.
	TOTP bool
	// Email and Phone say that there is a verified address or number.
	Email, Phone bool
	// RecoveryCodes says that some are left.
	RecoveryCodes bool
}

// List are those that a challenge needs no recovery code for, in Appwrite's
// order.
func (f Factors) List() []Factor {
	var list []Factor
	add := func(has bool, factor Factor) {
		if has {
			list = append(list, factor)
		}
	}
	add(f.TOTP, FactorTOTP)
	add(f.Email, FactorEmail)
	add(f.Phone, FactorPhone)
	return list
}

// hasVerifiedAddress reports whether codes can be sent to a user.
func (u *User) hasVerifiedAddress() bool {
	return u.verifiedEmail() || u.verifiedPhone()
}

func (u *User) verifiedEmail() bool { return u.Email != "" && u.EmailVerified }
func (u *User) verifiedPhone() bool { return u.Phone != "" && u.PhoneVerified }

// AsksFactor reports whether a session of the user needs a second factor: it is
// on, and the user has one, recovery codes aside. It takes a statement only
// where the answer is not in the user's row.
func (db *DB) AsksFactor(ctx context.Context, project string, u *User) (bool, error) {
	return asksFactor(ctx, db, project, u)
}

// AsksFactor is the same in a transaction.
func (t *Tx) AsksFactor(ctx context.Context, project string, u *User) (bool, error) {
	return asksFactor(ctx, t, project, u)
}

func asksFactor(ctx context.Context, from querier, project string, u *User) (bool, error) {
	if !u.MFA || u.hasVerifiedAddress() {
		return u.MFA, nil
	}
	return hasTOTP(ctx, from, project, u.ID)
}

// hasTOTP reports whether a user has a verified authenticator.
func hasTOTP(ctx context.Context, from querier, project, user string) (bool, error) {
	return exists(ctx, from, `SELECT 1 FROM authenticators WHERE project_id = $1 AND user_id = $2 AND verified = 1`, project, user)
}

// exists reports whether a query finds a row.
func exists(ctx context.Context, from querier, query string, args ...any) (bool, error) {
	var one int
	err := from.row(ctx, []any{&one}, query, args...)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Factors returns the second factors of a user.
func (db *DB) Factors(ctx context.Context, project string, u *User) (Factors, error) {
	return factors(ctx, db, project, u)
}

// Factors is the same in a transaction.
func (t *Tx) Factors(ctx context.Context, project string, u *User) (Factors, error) {
	return factors(ctx, t, project, u)
}

func factors(ctx context.Context, from querier, project string, u *User) (f Factors, err error) {
	f.Email, f.Phone = u.verifiedEmail(), u.verifiedPhone()
	if f.TOTP, err = hasTOTP(ctx, from, project, u.ID); err != nil {
		return f, err
	}
	f.RecoveryCodes, err = exists(ctx, from, `SELECT 1 FROM recovery_codes WHERE project_id = $1 AND user_id = $2 LIMIT 1`, project, u.ID)
	return f, err
}

// SetMFA sets whether a second factor of the user is asked for.
func (t *Tx) SetMFA(ctx context.Context, project, id string, on bool) error {
	return t.updateUser(ctx, project, id, `mfa = $1`, bit(on))
}

// RaiseSession adds factors to those that a user's session has shown, and, where
// mfaAt is not zero, notes that it has just shown one. It returns the session as
// it was before, but for that. An unknown session is ErrNotFound.
func (t *Tx) RaiseSession(ctx context.Context, project, user, id string, mfaAt time.Time, shown ...Factor) (Session, error) {
	if err := t.mustHaveUser(ctx, project, user); err != nil {
		return Session{}, err
	}
	var s Session
	if err := t.row(ctx, s.dest(), sessionByID, project, user, id); err != nil {
		return Session{}, err
	}
	for _, f := range shown {
		if !slices.Contains(s.Factors, string(f)) {
			s.Factors = append(s.Factors, string(f))
		}
	}
	if !mfaAt.IsZero() {
		s.MFAAt = mfaAt
	}
	return s, found(t.exec(ctx, `UPDATE sessions SET factors = $1, mfa_at = $2,
		updated_at = CASE WHEN updated_at > CAST($3 AS BIGINT) THEN updated_at ELSE CAST($3 AS BIGINT) END
		WHERE project_id = $4 AND user_id = $5 AND id = $6`, listText(s.Factors), ms(s.MFAAt), ms(t.Now()), project, user, id))
}
