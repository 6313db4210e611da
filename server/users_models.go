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
	Password    *string         `json:"password"`
	Hash        string          `json:"hash"`
	HashOptions hashOptionsJSON `json:"hashOptions"`
	accountBody
}

// hashOptionsJSON is the cost of a hash; memory in KiB.
type hashOptionsJSON struct {
	Type       string `json:"type"`
	MemoryCost uint32 `json:"memory_cost"`
	TimeCost   uint32 `json:"time_cost"`
	Threads    uint8  `json:"threads"`
}

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

// hashName is what Appwrite calls the hashes of this server.
const hashName = "argon2"

// userView is a user with the hash of its password. Without a password the
// options are those that one would get.
func (s *Server) userView(u *store.User, hash string) (userJSON, error) {
	a := account(u)
	view := userJSON{accountHead: a.accountHead, Hash: hashName, accountBody: a.accountBody}
	cost := s.hasher.Cost()
	if hash != "" {
		var err error
		if cost, err = password.CostOf(hash); err != nil {
			return view, err
		}
		view.Password = &hash
	}
	view.HashOptions = hashOptionsJSON{hashName, cost.Memory, cost.Time, cost.Threads}
	return view, nil
}
