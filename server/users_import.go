package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// usersImportHandlers answer the operations that make users whose passwords
// another program has hashed.
var usersImportHandlers = handlers{
	"users.createArgon2User":         importer(password.Argon2),
	"users.createBcryptUser":         importer(password.Bcrypt),
	"users.createMD5User":            importer(password.MD5),
	"users.createPHPassUser":         importer(password.PHPass),
	"users.createSHAUser":            importer(password.SHA),
	"users.createScryptUser":         importer(password.Scrypt),
	"users.createScryptModifiedUser": importer(password.ScryptModified),
}

// hashReaders read what it takes, beside a hash of the kind, to verify one.
var hashReaders = map[password.Kind]func(wire.Params, *password.Imported) error{
	password.SHA: readSHA, password.Scrypt: readScrypt, password.ScryptModified: readFirebase,
}

// Bounds of the parameters of imported hashes.
const (
	maxHash          = 256 // characters
	defaultSHA       = "sha256"
	describeHash     = "Value must be a valid string and at least 1 chars and no longer than 256 chars"
	describeHashSalt = "Value must be a valid string and no longer than 128 chars"
	maxHashSalt      = 128
)

// importer makes the handler for a kind of hash.
func importer(kind password.Kind) func(*call) error {
	return func(c *call) error {
		p, err := c.params()
		if err != nil {
			return err
		}
		asked, hash, err := importedFrom(p, kind)
		if err != nil {
			return err
		}
		return c.insertUser(asked, hash.String())
	}
}

// importedFrom validates the parameters of an imported user, in Appwrite's
// order. A hash that is none, or that would occupy the machine, is refused:
// nobody could sign in by it.
func importedFrom(p wire.Params, kind password.Kind) (u store.User, hash password.Imported, err error) {
	if u.ID, err = p.CustomID("userId"); err != nil {
		return u, hash, err
	}
	if u.Email, err = p.Email("email"); err != nil {
		return u, hash, err
	}
	if hash, err = readHash(p, "password", kind); err != nil {
		return u, hash, err
	}
	if u.Name, err = p.OptionalName("name"); err != nil {
		return u, hash, err
	}
	return u, hash, invalidHash("password", hash.Check())
}

// readHash is a hash of that kind in the parameter of that name, with what it
// takes to verify one. Whether it can be one is for Check.
func readHash(p wire.Params, name string, kind password.Kind) (hash password.Imported, err error) {
	hash.Kind = kind
	if hash.Hash, err = p.Text(name, describeHash, func(s string) bool { return s != "" && len(s) <= maxHash }); err != nil {
		return hash, err
	}
	if more := hashReaders[kind]; more != nil {
		err = more(p, &hash)
	}
	return hash, err
}

// invalidHash says what is wrong with the hash in a parameter, of which the error
// quotes nothing.
func invalidHash(name string, err error) error {
	if err == nil {
		return nil
	}
	return wire.Invalid(name, strings.TrimPrefix(err.Error(), "password: "))
}

func readSHA(p wire.Params, hash *password.Imported) (err error) {
	hash.Version, err = p.TextOr("passwordVersion", defaultSHA, "Value must be one of ("+strings.Join(password.SHAVersions, ", ")+")",
		func(s string) bool { return slices.Contains(password.SHAVersions, s) })
	return err
}

func readScrypt(p wire.Params, hash *password.Imported) (err error) {
	if hash.Salt, err = readSalt(p, "passwordSalt"); err != nil {
		return err
	}
	for _, cost := range []struct {
		name string
		to   *int
	}{{"passwordCpu", &hash.CPU}, {"passwordMemory", &hash.Memory}, {"passwordParallel", &hash.Parallel}, {"passwordLength", &hash.Length}} {
		if *cost.to, err = p.Int32(cost.name); err != nil {
			return err
		}
	}
	return nil
}

func readFirebase(p wire.Params, hash *password.Imported) (err error) {
	if hash.Salt, err = readSalt(p, "passwordSalt"); err != nil {
		return err
	}
	if hash.Separator, err = readSalt(p, "passwordSaltSeparator"); err != nil {
		return err
	}
	hash.SignerKey, err = readSalt(p, "passwordSignerKey")
	return err
}

func readSalt(p wire.Params, name string) (string, error) {
	return p.Text(name, describeHashSalt, func(s string) bool { return len(s) <= maxHashSalt })
}

// insertUser makes the user that a server asks for, with the hash of its
// password ("": none), and answers with it.
func (c *call) insertUser(asked store.User, hash string) error {
	var u store.User
	err := c.act(func(t *store.Tx) error {
		u = c.s.askedUser(t, asked, hash != "")
		return t.InsertUser(c.r.Context(), c.project.ID, u, hash)
	})
	if errors.Is(err, store.ErrDuplicate) {
		return wire.Fail(isojot.ErrUserAlreadyExists)
	}
	if err != nil {
		return err
	}
	return c.writeUser(http.StatusCreated, &u, hash)
}
