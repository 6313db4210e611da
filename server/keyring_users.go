package server

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// Bounds of a transaction of an import, which others wait for.
const (
	importRows  = 200
	importBytes = 4 << 20 // of prefs
)

// UserRow is a user to import.
type UserRow struct {
	// Line says where it comes from.
	Line int
	// Values are by the names of the API's parameters: strings, bools, or JSON
	// without blanks around it (json.RawMessage). They are userId, email,
	// emailVerification, phone, phoneVerification, name, labels, prefs, status,
	// mfa, impersonator; the dates registration, accessedAt and passwordUpdate; and
	// password, or a hash of one as passwordHash, its kind as hash (argon2, bcrypt,
	// md5, phpass, sha, scrypt or scryptMod), and passwordSalt, ... as it takes.
	Values map[string]any
	// Fault says that it could not be read, and FaultField what of it.
	Fault, FaultField string
}

// RefusedUser is a row that was not imported.
type RefusedUser struct {
	Line   int    `json:"line"`
	UserID string `json:"userId,omitempty"`
	// Field is what the reason is about; "" for the row.
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

// ImportedUsers counts the rows of an import so far.
type ImportedUsers struct {
	// Made are the users that are there now, or would be after a dry run; There
	// are those that were there before, and stay as they are.
	Made, There, Refused int
}

// UserImport says how to import users.
type UserImport struct {
	// DryRun checks all and writes nothing.
	DryRun bool
	// RefuseExisting refuses users that are there already.
	RefuseExisting bool
	// Refused is told of each row that is refused, in order; its error ends the
	// import. Nil: nobody is told.
	Refused func(RefusedUser) error
	// Progress is told after each transaction; nil: nobody is.
	Progress func(ImportedUsers)
}

// ImportUsers makes the users of rows in a project, 200 at most in a transaction,
// while a server may be using the database. Rows are checked as the API checks
// them, and passwords by the stored settings of the project. What is there stays:
// an import that was interrupted is run again. An unknown project is ErrNoProject.
//
// A dry run remembers each id, address and number that it has seen, about 100 MB
// for a million users.
func (k *Keyring) ImportUsers(ctx context.Context, project string, rows iter.Seq2[UserRow, error], o UserImport) (ImportedUsers, error) {
	rules, err := k.storedRules(ctx, project)
	if err != nil {
		return ImportedUsers{}, err
	}
	hasher, err := password.New(password.OWASP, runtime.GOMAXPROCS(0), importRows)
	if err != nil {
		return ImportedUsers{}, err
	}
	i := &userImport{k: k, project: project, o: o, rules: rules, hasher: hasher, seen: newSeenUsers()}
	for row, err := range rows {
		if err == nil {
			err = i.add(ctx, row)
		} else { // what was read before is good
			err = errors.Join(i.flush(ctx), err)
		}
		if err != nil {
			return i.count, err
		}
	}
	err = i.flush(ctx)
	return i.count, err
}

// storedRules are the rules of a project as isojot project has set them.
func (k *Keyring) storedRules(ctx context.Context, project string) (Rules, error) {
	stored, err := k.Settings(ctx, project)
	if err != nil {
		return Rules{}, err
	}
	p := Project{ID: project}
	for name, value := range stored {
		if err := p.Set(name, value); err != nil {
			return Rules{}, err
		}
	}
	return p.Rules, nil
}

// userImport is an import under way.
type userImport struct {
	k       *Keyring
	project string
	o       UserImport
	rules   Rules
	hasher  *password.Hasher
	seen    *seenUsers
	count   ImportedUsers

	batch []importedUser
	bytes int // of the batch
}

// importedUser is a row of an import.
type importedUser struct {
	line int
	user store.User
	// chosen says that the row has the id of user.
	chosen bool
	// plain is a password to hash, hash the hash of one; "" for none.
	plain, hash string
	// refusal is why it is refused, field what that is about.
	refusal, field string
	there          bool
}

// refuse notes why a row is refused: what the API would say.
func (u *importedUser) refuse(err error) {
	u.refusal = err.Error()
	for _, form := range [][2]string{{"Invalid `", "` param: "}, {"Param \"", "\" is not optional."}} {
		rest, ok := strings.CutPrefix(u.refusal, form[0])
		field, reason, has := strings.Cut(rest, form[1])
		if ok && has {
			u.field, u.refusal = field, cmp.Or(reason, "it is missing")
		}
	}
}

// add reads a row, and flushes when there are enough.
func (i *userImport) add(ctx context.Context, row UserRow) error {
	u := importedUser{line: row.Line, refusal: row.Fault, field: row.FaultField}
	if row.Fault == "" {
		if err := u.read(wire.NewParams(row.Values), i.rules, i.k.db.Now()); err != nil {
			u.refuse(err)
		}
	}
	i.batch = append(i.batch, u)
	i.bytes += len(u.user.Prefs)
	if len(i.batch) < importRows && i.bytes < importBytes {
		return nil
	}
	return i.flush(ctx)
}

// flush makes the users of the batch, and tells what became of it.
func (i *userImport) flush(ctx context.Context) error {
	if err := i.hash(ctx); err != nil {
		return err
	}
	if err := i.write(ctx); err != nil {
		return err
	}
	for _, u := range i.batch {
		if err := i.tell(u); err != nil {
			return err
		}
	}
	i.batch, i.bytes = i.batch[:0], 0
	if i.o.Progress != nil {
		i.o.Progress(i.count)
	}
	return nil
}

// tell counts a row.
func (i *userImport) tell(u importedUser) error {
	if u.there && i.o.RefuseExisting {
		u.refusal = "the user is there already"
	}
	switch {
	case u.refusal != "":
		i.count.Refused++
		if i.o.Refused != nil {
			refused := RefusedUser{Line: u.line, Field: u.field, Reason: u.refusal}
			if u.chosen {
				refused.UserID = u.user.ID
			}
			return i.o.Refused(refused)
		}
	case u.there:
		i.count.There++
	default:
		i.count.Made++
	}
	return nil
}

// hash hashes the passwords of the batch, as many at once as there are processors;
// those of users that are there already it leaves: it takes some 20 ms for each.
func (i *userImport) hash(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for n := range i.batch {
		u := &i.batch[n]
		if u.plain == "" || u.refusal != "" || i.o.DryRun {
			continue
		}
		taken, err := i.k.db.Taken(ctx, i.project, u.key())
		if err != nil {
			cancel(err)
			break
		}
		if u.settleBy(u.stored(taken)); u.there || u.refusal != "" {
			continue
		}
		all.Go(func() {
			var err error
			if u.hash, err = i.hasher.Hash(ctx, "import", u.plain); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// importTurn is how long a transaction of an import goes on adding users: others
// wait for it.
const importTurn = 50 * time.Millisecond

// write makes the users of the batch, in as many transactions as it takes.
func (i *userImport) write(ctx context.Context) error {
	if i.o.DryRun {
		return i.look(ctx)
	}
	for rest := i.batch; len(rest) > 0; {
		n, err := i.writeTurn(ctx, rest)
		if err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// writeTurn makes the first users of some in one transaction, as many as there is
// time for, and returns how many it looked at.
func (i *userImport) writeTurn(ctx context.Context, users []importedUser) (n int, err error) {
	before := append([]importedUser(nil), users...)
	err = i.k.db.Tx(ctx, func(t *store.Tx) error {
		copy(users, before) // it may run again
		began := time.Now()
		for n = 0; n < len(users) && (n == 0 || time.Since(began) < importTurn); n++ {
			if err := i.insert(ctx, t, &users[n]); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// insert makes a user, unless it is there already, or what it has is another's.
func (i *userImport) insert(ctx context.Context, t *store.Tx, u *importedUser) error {
	if u.refusal != "" || u.there {
		return nil
	}
	err := t.InsertUser(ctx, i.project, u.row(t, i.k), u.hash)
	if !errors.Is(err, store.ErrDuplicate) {
		return err
	}
	taken, err := t.Taken(ctx, i.project, u.key())
	if err == nil && len(taken) == 0 {
		return errors.New("server: a user cannot be made, and none is in its way")
	}
	u.settleBy(u.stored(taken))
	return err
}

// look is write for a dry run.
func (i *userImport) look(ctx context.Context) error {
	for n := range i.batch {
		u := &i.batch[n]
		if u.refusal != "" {
			continue
		}
		taken, err := i.k.db.Taken(ctx, i.project, u.key())
		if err != nil {
			return err
		}
		i.seen.settle(u, u.stored(taken))
	}
	return nil
}

// row is the user as it is stored.
func (u *importedUser) row(t *store.Tx, k *Keyring) store.User {
	row, now := u.user, t.Now()
	if !u.chosen {
		row.ID = k.ids.Unique(now)
	}
	if row.RegisteredAt.IsZero() {
		row.RegisteredAt = now
	}
	row.CreatedAt, row.UpdatedAt = row.RegisteredAt, now
	if u.hash == "" {
		row.PasswordAt = time.Time{}
	} else if row.PasswordAt.IsZero() {
		row.PasswordAt = now
	}
	if row.Email != "" {
		row.EmailTarget = store.NewTarget(k.ids.Unique(now), now)
	}
	if row.Phone != "" {
		row.PhoneTarget = store.NewTarget(k.ids.Unique(now), now)
	}
	return row
}
