package server

import "github.com/isojot/isojot/internal/store"

// factorsJSON are the second factors that a user has. Custom ones are made by
// programs of the project in Appwrite, and not here.
type factorsJSON struct {
	TOTP         bool `json:"totp"`
	Phone        bool `json:"phone"`
	Email        bool `json:"email"`
	RecoveryCode bool `json:"recoveryCode"`
	Custom       bool `json:"custom"`
}

func factorsView(f store.Factors) factorsJSON {
	return factorsJSON{TOTP: f.TOTP, Phone: f.Phone, Email: f.Email, RecoveryCode: f.RecoveryCodes}
}

// authenticatorJSON is what an authenticator app needs, each with the secret.
type authenticatorJSON struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
}

// recoveryCodesJSON are a user's recovery codes that have not been used.
type recoveryCodesJSON struct {
	RecoveryCodes []string `json:"recoveryCodes"`
}

// challengeJSON is a new challenge.
type challengeJSON struct {
	ID        string `json:"$id"`
	CreatedAt string `json:"$createdAt"`
	UserID    string `json:"userId"`
	Expire    string `json:"expire"`
}
