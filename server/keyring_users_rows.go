package server

import (
	"errors"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

const describeImportDate = "Value must be a date from 1970 up to now, as in 2026-01-31T12:00:00Z"

// read validates a row, in the order of the API's parameters.
func (u *importedUser) read(p wire.Params, rules Rules, now time.Time) error {
	for _, read := range []func(wire.Params) error{u.readIdentity, u.readAbout,
		func(p wire.Params) error { return u.readDates(p, now) },
		func(p wire.Params) error { return u.readPassword(p, rules) }} {
		if err := read(p); err != nil {
			return err
		}
	}
	return nil
}

// readIdentity reads what a user is known by.
func (u *importedUser) readIdentity(p wire.Params) (err error) {
	if _, given := p.Optional("userId"); given {
		if u.user.ID, err = p.CustomID("userId"); err != nil {
			return err
		}
	}
	if u.user.ID == "unique()" {
		u.user.ID = ""
	}
	u.chosen = u.user.ID != ""
	if u.user.Email, err = optional(p, "email", wire.Params.EmailOrEmpty); err != nil {
		return err
	}
	if u.user.Phone, err = optional(p, "phone", wire.Params.PhoneOrEmpty); err != nil {
		return err
	}
	if u.key() == (store.Taken{}) { // when it is imported again, nobody could tell
		return errors.New("it has none of userId, email and phone")
	}
	return nil
}

// optional is a parameter that may be absent, or null.
func optional[T any](p wire.Params, name string, read func(wire.Params, string) (T, error)) (T, error) {
	if _, given := p.Optional(name); !given {
		var none T
		return none, nil
	}
	return read(p, name)
}

// readAbout reads what else is known of a user.
func (u *importedUser) readAbout(p wire.Params) (err error) {
	user := &u.user
	if user.Name, err = optional(p, "name", wire.Params.NameOrEmpty); err != nil {
		return err
	}
	if user.Labels, err = optional(p, "labels", wire.Params.Labels); err != nil {
		return err
	}
	if user.Prefs, err = optional(p, "prefs", wire.Params.Prefs); err != nil {
		return err
	}
	if wire.TooDeep(user.Prefs) { // as a body may be
		return wire.Invalid("prefs", wire.DescribeObject)
	}
	var active bool
	for _, truth := range []struct {
		name string
		to   *bool
	}{{"emailVerification", &user.EmailVerified}, {"phoneVerification", &user.PhoneVerified}, {"status", &active},
		{"mfa", &user.MFA}, {"impersonator", &user.Impersonator}} {
		if *truth.to, err = optional(p, truth.name, wire.Params.Boolean); err != nil {
			return err
		}
	}
	_, given := p.Optional("status")
	user.Blocked = given && !active
	return nil
}

func (u *importedUser) readDates(p wire.Params, now time.Time) error {
	for _, date := range []struct {
		name string
		to   *time.Time
	}{{"registration", &u.user.RegisteredAt}, {"accessedAt", &u.user.AccessedAt}, {"passwordUpdate", &u.user.PasswordAt}} {
		_, err := p.OptionalText(date.name, describeImportDate, func(s string) bool {
			at, ok := wire.ParseDate(s)
			*date.to = at.UTC().Truncate(time.Millisecond)
			return ok && at.Unix() > 0 && !at.After(now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readPassword reads a password, or the hash of one.
func (u *importedUser) readPassword(p wire.Params, rules Rules) (err error) {
	_, plain := p.Optional("password")
	_, hashed := p.Optional("passwordHash")
	switch {
	case plain && hashed:
		return wire.Invalid("passwordHash", "there is a password, too: leave one of them out")
	case plain:
		if u.plain, err = rules.newPassword(p, "password"); err != nil {
			return err
		}
		if rules.checkPersonal(u.plain, &u.user) != nil {
			return wire.Invalid("password", "it has the user's id, name, e-mail address or phone number in it")
		}
	case hashed:
		u.hash, err = importedHash(p)
	}
	return err
}

// importedHash is a row's hash as it is stored.
func importedHash(p wire.Params) (string, error) {
	kind, err := p.OptionalText("hash", "Value must be one of ("+kindNames()+")",
		func(s string) bool { return slices.Contains(password.Kinds(), password.Kind(s)) })
	if err != nil {
		return "", err
	}
	text, _ := p.Value("passwordHash")
	if s, _ := text.(string); kind == "" && s != "" {
		if kind = string(password.KindOf(s)); kind == "" {
			return "", wire.Invalid("hash", "it cannot be told of what kind the password's hash is: say one of "+kindNames())
		}
	}
	hash, err := readHash(p, "passwordHash", password.Kind(kind))
	if err != nil {
		return "", err
	}
	return hash.String(), invalidHash("passwordHash", hash.Check())
}

func kindNames() string {
	var names []string
	for _, kind := range password.Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// key is what no other user may have.
func (u *importedUser) key() store.Taken {
	return store.Taken{ID: u.user.ID, Email: u.user.Email, Phone: u.user.Phone}
}

// settle decides what becomes of a row by the users that have some of its key: it
// is one of them, or it is refused. It is the one with its id that has its address
// or number, too; a row without an id is the one with its address, or else its
// number.
func (u *importedUser) settle(taken []store.Taken) {
	key, by := u.key(), ""
	for _, other := range taken {
		sameEmail, samePhone := other.Email == key.Email, other.Phone == key.Phone
		named := sameEmail && key.Email != "" || samePhone && key.Phone != ""
		switch {
		case u.chosen && other.ID == key.ID && (named || sameEmail && samePhone),
			!u.chosen && (sameEmail || key.Email == ""):
			u.there, u.field, u.refusal = true, "", ""
			return
		case u.chosen && other.ID == key.ID:
			u.field = "userId"
		case sameEmail && key.Email != "":
			u.field, by = "email", other.ID
		default:
			u.field, by = "phone", other.ID
		}
		u.refusal = "another user has it"
		if by != "" {
			u.refusal += ", " + by
		}
	}
}

// seenUsers are the users that a dry run has seen, by the hashes of what no other
// may have. The values tell users apart.
type seenUsers struct {
	seed maphash.Seed
	by   map[uint64]uint32
	last uint32
}

func newSeenUsers() *seenUsers { return &seenUsers{maphash.MakeSeed(), map[uint64]uint32{}, 0} }

// settle decides what becomes of a row by those that were seen before, as
// importedUser.settle does by those that are stored, and remembers it.
func (s *seenUsers) settle(u *importedUser) {
	key := u.key()
	id, email, phone := s.find("i", key.ID), s.find("e", key.Email), s.find("p", key.Phone)
	switch {
	case id == 0 && email == 0 && phone == 0:
		s.last++
		s.note("i", key.ID)
		s.note("e", key.Email)
		s.note("p", key.Phone)
	case u.chosen && id != 0:
		u.there = email == id || phone == id || key.Email == "" && key.Phone == ""
		u.field = "userId"
	case !u.chosen && (email != 0 || key.Email == ""):
		u.there = true
	case email != 0:
		u.field = "email"
	default:
		u.field = "phone"
	}
	if u.there {
		u.field = ""
	} else if u.field != "" {
		u.refusal = "it is that of a user further up"
	}
}

// find is the user that has a text; 0 for none.
func (s *seenUsers) find(of, text string) uint32 {
	if text == "" {
		return 0
	}
	return s.by[maphash.String(s.seed, of+text)]
}

func (s *seenUsers) note(of, text string) {
	if text != "" {
		s.by[maphash.String(s.seed, of+text)] = s.last
	}
}
