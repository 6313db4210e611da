package server

import (
	"encoding/json"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/wire"
)

// accountJSON is an account, its members in the order of contract section 9.
// It is in two parts, between which a user of the users service has more.
type accountJSON struct {
	accountHead
	accountBody
}

// accountHead is the first part of an account.
type accountHead struct {
	ID        string `json:"$id"`
	CreatedAt string `json:"$createdAt"`
	UpdatedAt string `json:"$updatedAt"`
	Name      string `json:"name"`
}

// accountBody is the second part of an account.
type accountBody struct {
	Registration      string          `json:"registration"`
	Status            bool            `json:"status"`
	Labels            []string        `json:"labels"`
	PasswordUpdate    string          `json:"passwordUpdate"`
	Email             string          `json:"email"`
	Phone             string          `json:"phone"`
	EmailVerification bool            `json:"emailVerification"`
	EmailCanonical    *string         `json:"emailCanonical"`
	EmailIsFree       *bool           `json:"emailIsFree"`
	EmailIsDisposable *bool           `json:"emailIsDisposable"`
	EmailIsCorporate  *bool           `json:"emailIsCorporate"`
	EmailIsCanonical  *bool           `json:"emailIsCanonical"`
	PhoneVerification bool            `json:"phoneVerification"`
	MFA               bool            `json:"mfa"`
	Prefs             json.RawMessage `json:"prefs"`
	Targets           []targetJSON    `json:"targets"`
	AccessedAt        string          `json:"accessedAt"`
	Impersonator      bool            `json:"impersonator"`
	ImpersonatorID    *string         `json:"impersonatorUserId"`
}

// targetJSON is where messages to a user go.
type targetJSON struct {
	ID           string  `json:"$id"`
	CreatedAt    string  `json:"$createdAt"`
	UpdatedAt    string  `json:"$updatedAt"`
	Name         string  `json:"name"`
	UserID       string  `json:"userId"`
	ProviderID   *string `json:"providerId"`
	ProviderType string  `json:"providerType"`
	Identifier   string  `json:"identifier"`
	Expired      bool    `json:"expired"`
}

// account is the account of a user. Whether an e-mail provider is free,
// disposable or corporate is null, unknown: no list of providers is kept.
func account(u *store.User) accountJSON {
	a := accountJSON{
		accountHead{ID: u.ID, CreatedAt: wire.Date(u.CreatedAt), UpdatedAt: wire.Date(u.UpdatedAt), Name: u.Name},
		accountBody{
			Registration: wire.Date(u.RegisteredAt), Status: !u.Blocked, Labels: u.Labels,
			PasswordUpdate: wire.Date(u.PasswordAt), Email: u.Email, EmailVerification: u.EmailVerified,
			Phone: u.Phone, PhoneVerification: u.PhoneVerified, MFA: u.MFA,
			Prefs: u.Prefs, Targets: targets(u), AccessedAt: wire.Date(u.AccessedAt),
			Impersonator: u.Impersonator,
		},
	}
	if u.Email != "" {
		canonical := wire.CanonicalEmail(u.Email)
		isCanonical := canonical == u.Email
		a.EmailCanonical, a.EmailIsCanonical = &canonical, &isCanonical
	}
	return a
}

// targets are the messaging targets of a user.
func targets(u *store.User) []targetJSON {
	list := []targetJSON{}
	for _, t := range u.AllTargets() {
		list = append(list, targetView(&t))
	}
	return list
}

// Format implements wire.Formatted.
func (t targetJSON) Format(wire.Version) any { return t }

// targetView is a target as callers see it.
func targetView(t *store.FullTarget) targetJSON {
	view := targetJSON{ID: t.ID, CreatedAt: wire.Date(t.CreatedAt), UpdatedAt: wire.Date(t.UpdatedAt),
		Name: t.Name, UserID: t.UserID, ProviderType: string(t.Kind), Identifier: t.Identifier}
	if t.ProviderID != "" {
		view.ProviderID = &t.ProviderID
	}
	return view
}

// accountSince are the members of an account by the version they came with.
var accountSince = map[wire.Version][]string{formatImpersonator: {"impersonator", "impersonatorUserId"}}

func (a accountJSON) Format(v wire.Version) any { return wire.Less(a, v, accountSince) }

// The versions since which members are in answers (contract section 9).
var (
	formatMFA          = wire.Version{1, 5, 0}
	formatImpersonator = wire.Version{1, 9, 0}
)
