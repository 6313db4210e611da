package server

import (
	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// userJSON is a user as servers with an API key see it (contract section 9):
// an account with its password's hash.
type userJSON struct {
	accountHead
	// Password is the hash; null without a password.
	Password *string `json:"password"`
	Hash     string  `json:"hash"`
	// HashOptions are what the hash was made with: argon2JSON, ...
	HashOptions any `json:"hashOptions"`
	accountBody
}

// The options of hashes by their kind. Those of argon2 have the memory in KiB.
type (
	argon2JSON struct {
		Type       password.Kind `json:"type"`
		MemoryCost uint32        `json:"memory_cost"`
		TimeCost   uint32        `json:"time_cost"`
		Threads    uint8         `json:"threads"`
	}
	md5JSON struct {
		Type password.Kind `json:"type"`
	}
	bcryptJSON struct {
		Type password.Kind `json:"type"`
		Cost int           `json:"cost"`
	}
	phpassJSON struct {
		Type     password.Kind `json:"type"`
		Rounds   int           `json:"iteration_count_log2"`
		Portable bool          `json:"portable_hashes"`
		State    string        `json:"random_state"` // of who makes hashes, which nobody does here
	}
	shaJSON struct {
		Version string `json:"version"`
	}
	scryptJSON struct {
		Type     password.Kind `json:"type"`
		CPU      int           `json:"costCpu"`
		Memory   int           `json:"costMemory"`
		Parallel int           `json:"costParallel"`
		Length   int           `json:"length"`
		Salt     string        `json:"salt"`
	}
	firebaseJSON struct {
		Type      password.Kind `json:"type"`
		Salt      string        `json:"salt"`
		Separator string        `json:"saltSeparator"`
		SignerKey string        `json:"signerKey"`
	}
)

// tokenJSON is a new one-time token. A phrase is made for e-mails only.
type tokenJSON struct {
	ID        string `json:"$id"`
	CreatedAt string `json:"$createdAt"`
	UserID    string `json:"userId"`
	Secret    string `json:"secret"`
	Expire    string `json:"expire"`
	Phrase    string `json:"phrase"`
}

// userSince are the members of a user by the version they came with, and
// tokenSince those of a token (contract sections 9 and 13.12).
var (
	userSince = map[wire.Version][]string{
		formatMFA: {"targets", "mfa"}, formatImpersonator: {"impersonator", "impersonatorUserId"},
	}
	tokenSince = map[wire.Version][]string{formatMFA: {"phrase"}}
)

func (u userJSON) Format(v wire.Version) any { return wire.Less(u, v, userSince) }

func (t tokenJSON) Format(v wire.Version) any { return wire.Less(t, v, tokenSince) }

// userView is a user with the hash of its password. Without a password the
// options are those that one would get.
func (s *Server) userView(u *store.User, hash string) (userJSON, error) {
	a := account(u)
	view := userJSON{accountHead: a.accountHead, accountBody: a.accountBody}
	if hash == "" {
		view.Hash, view.HashOptions = string(password.Argon2), argon2Options(s.hasher.Cost())
		return view, nil
	}
	stored, err := password.ParseStored(hash)
	if err != nil {
		return view, err
	}
	view.Password, view.Hash = &stored.Hash, string(stored.Kind)
	view.HashOptions, err = hashOptions(stored)
	return view, err
}

func argon2Options(c password.Cost) argon2JSON {
	return argon2JSON{password.Argon2, c.Memory, c.Time, c.Threads}
}

// hashOptions are what a hash was made with.
func hashOptions(h password.Imported) (any, error) {
	switch h.Kind {
	case password.Argon2:
		cost, err := password.CostOf(h.Hash)
		return argon2Options(cost), err
	case password.Bcrypt:
		return bcryptJSON{h.Kind, h.Rounds()}, nil
	case password.PHPass:
		return phpassJSON{h.Kind, h.Rounds(), true, ""}, nil
	case password.SHA:
		return shaJSON{h.Version}, nil
	case password.Scrypt:
		return scryptJSON{h.Kind, h.CPU, h.Memory, h.Parallel, h.Length, h.Salt}, nil
	case password.ScryptModified:
		return firebaseJSON{h.Kind, h.Salt, h.Separator, h.SignerKey}, nil
	}
	return md5JSON{h.Kind}, nil
}
