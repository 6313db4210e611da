package isojot

import (
	"context"
	"encoding/json"
)

// Prefs are a user's preferences: a JSON object, kept as it was sent, of at
// most 65535 bytes.
type Prefs map[string]any

// GetPrefs returns the user's preferences.
//
// In Go, numbers are float64, exact up to 2^53.
func (a *Account) GetPrefs(ctx context.Context) (Prefs, error) {
	prefs, err := DoJSON[Prefs](ctx, a.client, opAccountGetPrefs, Params{})
	if err != nil {
		return nil, err
	}
	return *prefs, nil
}

// UpdatePrefs replaces the user's preferences, all of them: at most 65535 bytes
// of JSON.
//
// In Go, what is no JSON, such as a channel, is ErrInvalidArgument, before
// anything is sent.
func (a *Account) UpdatePrefs(ctx context.Context, prefs Prefs) (*User, error) {
	if prefs == nil {
		prefs = Prefs{}
	}
	body, err := json.Marshal(map[string]Prefs{"prefs": prefs})
	if err != nil {
		refused := invalid("prefs: " + err.Error())
		refused.Operation = opAccountUpdatePrefs.Name
		return nil, refused
	}
	return DoJSON[User](ctx, a.client, opAccountUpdatePrefs, Params{Body: body})
}

// UpdateName renames the user: 1 to 128 characters.
func (a *Account) UpdateName(ctx context.Context, name string) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountUpdateName, Params{Body: encode(map[string]string{"name": name})})
}

// UpdateEmail holds the parameters of Account.UpdateEmail.
type UpdateEmail struct {
	Email string `json:"email"`
	// Password is the user's. An anonymous user gets it, and can sign in by
	// both from then on.
	Password string `json:"password"`
}

// UpdateEmail gives the user another address, which is not verified. One that
// is taken, if by this user, is ErrUserTargetAlreadyExists.
func (a *Account) UpdateEmail(ctx context.Context, p UpdateEmail) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountUpdateEmail, Params{Body: encode(updateEmailFields(p))})
}

// UpdatePhone holds the parameters of Account.UpdatePhone.
type UpdatePhone struct {
	// Phone begins with + and has 7 to 15 digits, the first of which is not 0
	// (E.164).
	Phone string `json:"phone"`
	// Password is the user's. An anonymous user gets it.
	Password string `json:"password"`
}

// UpdatePhone gives the user another phone number, which is not verified. One
// that somebody else has is ErrUserPhoneAlreadyExists.
func (a *Account) UpdatePhone(ctx context.Context, p UpdatePhone) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountUpdatePhone, Params{Body: encode(updatePhoneFields(p))})
}

// UpdatePassword holds the parameters of Account.UpdatePassword.
type UpdatePassword struct {
	// Password is the new one, of 8 to 256 bytes.
	Password string `json:"password"`
	// OldPassword is needed unless the user never had one.
	OldPassword string `json:"oldPassword,omitempty"`
}

// UpdatePassword changes the password. The user's other sessions end, unless
// the project keeps them. A wrong old one is ErrUserInvalidCredentials.
func (a *Account) UpdatePassword(ctx context.Context, p UpdatePassword) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountUpdatePassword, Params{Body: encode(updatePasswordFields(p))})
}

// UpdateStatus blocks the user, who cannot undo it. It uses the session, also
// where a JWT is set, so that browsers drop their cookies.
func (a *Account) UpdateStatus(ctx context.Context) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountUpdateStatus, Params{})
}

// Delete deletes the user, with all that belongs to it.
func (a *Account) Delete(ctx context.Context) error {
	_, err := a.client.Do(ctx, opAccountDelete, Params{})
	return err
}
