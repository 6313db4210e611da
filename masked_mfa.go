package isojot

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

type mfaTypeFields MFAType

// The URI has the secret in it.
func (t MFAType) masked() mfaTypeFields {
	return mfaTypeFields{Secret: mask.Of(t.Secret), URI: mask.Of(t.URI)}
}

// Format implements fmt.Formatter, without the secret.
func (t MFAType) Format(f fmt.State, verb rune) { show(f, verb, t.masked()) }

// MarshalJSON masks the secret.
func (t MFAType) MarshalJSON() ([]byte, error) { return json.Marshal(t.masked()) }

type mfaRecoveryCodesFields MFARecoveryCodes

func (c MFARecoveryCodes) masked() mfaRecoveryCodesFields {
	var masked mfaRecoveryCodesFields
	for _, code := range c.RecoveryCodes {
		masked.RecoveryCodes = append(masked.RecoveryCodes, mask.Of(code))
	}
	return masked
}

// Format implements fmt.Formatter, without the codes.
func (c MFARecoveryCodes) Format(f fmt.State, verb rune) { show(f, verb, c.masked()) }

// MarshalJSON masks the codes.
func (c MFARecoveryCodes) MarshalJSON() ([]byte, error) { return json.Marshal(c.masked()) }
