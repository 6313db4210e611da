package server

import (
	"context"
	"errors"
	"strconv"

	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// exportPage is how many users are read at a time, with up to 64 KiB of prefs each.
const exportPage = 200

// ExportUsers calls each for the users of a project, in the order in which they
// were made, with the values that ImportUsers takes, all but password; those of
// hashes only where they are asked for. It reads page by page: what changes
// meanwhile may be as it was or as it is. An unknown project is ErrNoProject.
func (k *Keyring) ExportUsers(ctx context.Context, project string, withHashes bool, each func(values map[string]any) error) error {
	if _, err := k.Settings(ctx, project); err != nil { // which tells whether there is one
		return err
	}
	var page []store.UserAndHash
	for first := true; first || len(page) > 0; first = false {
		var err error
		if page, err = k.usersAfter(ctx, project, page); err != nil {
			return err
		}
		for n := range page {
			values, err := exported(&page[n], withHashes)
			if err == nil {
				err = each(values)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// usersAfter is the page after another, of which users may have been deleted
// meanwhile: it begins after the last that is still there.
func (k *Keyring) usersAfter(ctx context.Context, project string, before []store.UserAndHash) ([]store.UserAndHash, error) {
	if len(before) == 0 {
		return k.db.Users(ctx, project, store.Page{Limit: exportPage})
	}
	for n := len(before) - 1; n >= 0; n-- {
		page, err := k.db.Users(ctx, project, store.Page{Limit: exportPage, Cursor: before[n].ID})
		if !errors.Is(err, store.ErrNotFound) {
			return page, err
		}
	}
	return nil, errors.New("server: the last users that were read have all been deleted meanwhile: export again")
}

// exported are the values of a user.
func exported(u *store.UserAndHash, withHashes bool) (map[string]any, error) {
	values := map[string]any{
		"userId": u.ID, "emailVerification": u.EmailVerified, "phoneVerification": u.PhoneVerified,
		"labels": u.Labels, "prefs": u.Prefs, "status": !u.Blocked, "mfa": u.MFA, "impersonator": u.Impersonator,
	}
	text := func(name, value string) {
		if value != "" {
			values[name] = value
		}
	}
	text("email", u.Email)
	text("phone", u.Phone)
	text("name", u.Name)
	text("registration", wire.Date(u.RegisteredAt))
	text("accessedAt", wire.Date(u.AccessedAt))
	text("passwordUpdate", wire.Date(u.PasswordAt))
	if !withHashes || u.PasswordHash == "" {
		return values, nil
	}
	hash, err := password.ParseStored(u.PasswordHash)
	if err != nil {
		return nil, err
	}
	text("passwordHash", hash.Hash)
	text("hash", string(hash.Kind))
	text("passwordVersion", hash.Version)
	switch hash.Kind {
	case password.ScryptModified:
		values["passwordSalt"], values["passwordSaltSeparator"], values["passwordSignerKey"] = hash.Salt, hash.Separator, hash.SignerKey
	case password.Scrypt:
		values["passwordSalt"] = hash.Salt
		for name, cost := range map[string]int{"passwordCpu": hash.CPU, "passwordMemory": hash.Memory, "passwordParallel": hash.Parallel, "passwordLength": hash.Length} {
			values[name] = strconv.Itoa(cost)
		}
	}
	return values, nil
}
