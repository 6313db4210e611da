package isojottest

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

type userFields User

func (u User) masked() userFields {
	u.Password = mask.Of(u.Password)
	return userFields(u)
}

// Format implements fmt.Formatter, without the password.
func (u User) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), u.masked())
}

// MarshalJSON encodes the user without the password.
func (u User) MarshalJSON() ([]byte, error) { return json.Marshal(u.masked()) }
