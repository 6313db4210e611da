package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/trustelem/zxcvbn/frequency"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of PasswordStrength and Rules.PasswordHistory.
const (
	minPasswordLength  = 8 // bytes, whatever a project says
	maxPasswordLength  = 256
	maxPasswordHistory = 20 // each costs a hash at a change
)

// PasswordStrength is what a new password must have. The zero value asks for 8
// bytes.
type PasswordStrength struct {
	// Min is the least length, 8 to 256 bytes; 0 means 8.
	Min int
	// Uppercase, Lowercase, Number and Symbol ask for at least one of the kind.
	Uppercase, Lowercase, Number, Symbol bool
}

// kinds are what the strength asks for, as Appwrite's error calls it.
func (s PasswordStrength) kinds() []passwordKind {
	return slices.DeleteFunc([]passwordKind{
		{s.Uppercase, "an uppercase letter", unicode.IsUpper},
		{s.Lowercase, "a lowercase letter", unicode.IsLower},
		{s.Number, "a number", unicode.IsDigit},
		{s.Symbol, "a symbol", func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }},
	}, func(k passwordKind) bool { return !k.asked })
}

// passwordKind is a kind of characters.
type passwordKind struct {
	asked bool
	name  string
	is    func(rune) bool
}

// min is the least length in bytes.
func (s PasswordStrength) min() int { return max(s.Min, minPasswordLength) }

// allows reports whether a password has what is asked for.
func (s PasswordStrength) allows(password string) bool {
	if len(password) < s.min() || len(password) > maxPasswordLength {
		return false
	}
	return !slices.ContainsFunc(s.kinds(), func(k passwordKind) bool { return !strings.ContainsFunc(password, k.is) })
}

// describe is what Appwrite's validator says.
func (s PasswordStrength) describe() string {
	if s == (PasswordStrength{}) {
		return wire.DescribePassword
	}
	text := fmt.Sprintf("Password must be between %d and %d characters long", s.min(), maxPasswordLength)
	for _, k := range s.kinds() {
		text += ", include " + k.name
	}
	return text + "."
}

// describeCommon is what Appwrite's validator says of common passwords, with its
// slip of the pen.
const describeCommon = "Password must be between 8 and 265 characters long, and should not be one of the commonly used password."

// common are the passwords that are tried first.
var common = sync.OnceValue(func() map[string]bool {
	list := frequency.FrequencyLists["passwords"]
	set := make(map[string]bool, len(list))
	for _, password := range list {
		set[password] = true
	}
	return set
})

// newPassword is a password that the project's rules allow. What they say of
// the user's own data and older passwords is for checkPersonal and renewed.
func (r Rules) newPassword(p wire.Params, name string) (string, error) {
	password, err := p.Text(name, r.PasswordStrength.describe(), r.PasswordStrength.allows)
	if err == nil && r.PasswordDictionary && common()[password] {
		return "", wire.Invalid(name, describeCommon)
	}
	return password, err
}

// newPasswordOrNone is the same, or "" which takes the password away.
func (r Rules) newPasswordOrNone(p wire.Params, name string) (string, error) {
	if v, _ := p.Value(name); v == "" {
		return "", nil
	}
	return r.newPassword(p, name)
}

// checkPersonal refuses a password that has the user's id, name, e-mail address
// or the part of it before the @, or phone number in it, where the project asks
// for that.
func (r Rules) checkPersonal(password string, u *store.User) error {
	if !r.PasswordPersonalData {
		return nil
	}
	password = strings.ToLower(password)
	local, _, _ := strings.Cut(u.Email, "@")
	for _, about := range []string{u.ID, u.Name, u.Email, local, strings.TrimPrefix(u.Phone, "+")} {
		if about != "" && strings.Contains(password, strings.ToLower(about)) {
			return wire.Fail(isojot.ErrPasswordPersonalData)
		}
	}
	return nil
}

// renewal is a new password of a user, verified against the older ones.
type renewal struct {
	user string
	hash string // "": the password is taken away
	old  string // the hash that it takes the place of; "": none
}

// renewed hashes a new password of a user, "" for none, and refuses one that the
// user had of late, where the project asks for that. This takes a hash's time for
// each password that is looked at, and so happens outside of transactions.
func (c *call) renewed(ctx context.Context, user, password string) (renewal, error) {
	r := renewal{user: user}
	older, err := c.s.db.Passwords(ctx, c.project.ID, user)
	if err != nil {
		return r, err
	}
	r.old = older.Hash
	if password == "" {
		return r, nil
	}
	if n := c.config.rules.PasswordHistory; n > 0 {
		if err := c.checkUnused(ctx, password, older.Latest(n)); err != nil {
			return r, err
		}
	}
	r.hash, err = c.s.hasher.Hash(ctx, c.by(), password)
	return r, err
}

// checkUnused refuses a password that one of the hashes is of.
func (c *call) checkUnused(ctx context.Context, password string, hashes []string) error {
	for _, hash := range hashes {
		used, err := c.s.hasher.Verify(ctx, c.by(), hash, password)
		if err != nil {
			return err
		}
		if used {
			return wire.Fail(isojot.ErrPasswordRecentlyUsed)
		}
	}
	return nil
}

// errRenewedMeanwhile says that the password is another than was looked at.
var errRenewedMeanwhile = errors.New("server: the password has changed meanwhile")

// store stores the password, if it stands.
func (r renewal) store(ctx context.Context, t *store.Tx, c *call) error {
	if err := r.stands(ctx, t, c); err != nil {
		return err
	}
	return r.set(ctx, t, c)
}

// stands says, by errRenewedMeanwhile, that the password has changed since renewed
// looked: whoever asks decides again.
func (r renewal) stands(ctx context.Context, t *store.Tx, c *call) error {
	_, err := t.UserWithPassword(ctx, c.project.ID, r.user, r.old)
	return store.NotFoundAs(err, errRenewedMeanwhile)
}

// set stores the password.
func (r renewal) set(ctx context.Context, t *store.Tx, c *call) error {
	return t.SetPassword(ctx, c.project.ID, r.user, r.hash, c.config.rules.PasswordHistory)
}
