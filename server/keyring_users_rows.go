package server

import (
	"cmp"
	"errors"
	"hash/maphash"
	"slices"
	"strconv"
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

// owners are the users that have the id, the e-mail address and the phone number
// of a row, however they are told apart; "" for nobody.
type owners struct{ id, email, phone string }

// settle decides what becomes of a row: it is a user that is there, or it is
// refused, if anyone has some of its key. It is the one with its id, unless it has
// an address or number and this one neither; a row without an id is the one with
// its address, or else its number.
func (u *importedUser) settle(by owners, reason func(owner string) string) {
	key, owner := u.key(), ""
	switch {
	case by == (owners{}):
		return
	case u.chosen && by.id != "":
		u.there = key.Email == "" && key.Phone == "" || by.email == by.id || by.phone == by.id
		u.field, owner = "userId", by.id
	case !u.chosen && (by.email != "" || key.Email == ""):
		u.there = true
	case by.email != "":
		u.field, owner = "email", by.email
	default:
		u.field, owner = "phone", by.phone
	}
	if u.there {
		u.field = ""
	} else {
		u.refusal = reason(owner)
	}
}

// ofLine begins the owner that is a row of the same file, before its number: no id
// does.
const ofLine = "line "

// settleBy is settle with the reasons for people.
func (u *importedUser) settleBy(by owners) {
	u.settle(by, func(owner string) string {
		switch {
		case strings.HasPrefix(owner, ofLine):
			return "the user of " + owner + " has it"
		case owner == u.key().ID:
			return "a user with another e-mail address and phone number has it"
		}
		return "another user has it, " + owner
	})
}

// stored are the owners among the stored users that have some of the key.
func (u *importedUser) stored(taken []store.Taken) (by owners) {
	key := u.key()
	for _, other := range taken {
		if u.chosen && other.ID == key.ID {
			by.id = other.ID
		}
		if key.Email != "" && other.Email == key.Email {
			by.email = other.ID
		}
		if key.Phone != "" && other.Phone == key.Phone {
			by.phone = other.ID
		}
	}
	return by
}

// seenUsers are the users that a dry run has seen, by the hashes of what no other
// may have. The values are their lines.
type seenUsers struct {
	seed maphash.Seed
	by   map[uint64]uint32
}

func newSeenUsers() *seenUsers { return &seenUsers{maphash.MakeSeed(), map[uint64]uint32{}} }

// settle settles a row of a dry run by the stored users that have some of its key
// and those that were seen before, as an import would have made them. A user that
// nobody is in the way of is seen from then on.
func (s *seenUsers) settle(u *importedUser, stored owners) {
	key := u.key()
	by := owners{
		cmp.Or(stored.id, s.find("i", key.ID)), cmp.Or(stored.email, s.find("e", key.Email)), cmp.Or(stored.phone, s.find("p", key.Phone)),
	}
	u.settleBy(by)
	if by == (owners{}) {
		s.note("i", key.ID, u.line)
		s.note("e", key.Email, u.line)
		s.note("p", key.Phone, u.line)
	}
}

// find is the owner that has a text, a line of the file; "" for none.
func (s *seenUsers) find(of, text string) string {
	if line, ok := s.by[maphash.String(s.seed, of+text)]; ok && text != "" {
		return ofLine + strconv.FormatUint(uint64(line), 10)
	}
	return ""
}

func (s *seenUsers) note(of, text string, line int) {
	if text != "" {
		s.by[maphash.String(s.seed, of+text)] = uint32(line)
	}
}
