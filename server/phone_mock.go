package server

import (
	"fmt"
	"regexp"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// maxMockNumbers is how many of Project.MockNumbers there can be, as in Appwrite.
const maxMockNumbers = 10

// checkMockNumbers says what is wrong with Project.MockNumbers.
func checkMockNumbers(numbers map[string]string) error {
	if len(numbers) > maxMockNumbers {
		return fmt.Errorf("there are %d mock numbers: use %d at most", len(numbers), maxMockNumbers)
	}
	for number, code := range numbers {
		switch {
		case !wire.ValidPhone(number):
			return fmt.Errorf("the mock number %q is no phone number: use + and up to fifteen digits, as in +14155550100", number)
		case !sixDigits.MatchString(code):
			return fmt.Errorf("the code of the mock number %s is not six digits", number)
		}
	}
	return nil
}

// sixDigits is what codes are.
var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// codeFor is the code that a phone number gets: the one that the project has for
// it, or a new one.
func (c *call) codeFor(phone string) string {
	if code, ok := c.config.mockNumbers[phone]; ok {
		return code
	}
	return newCode()
}

// textCode sends a code, unless the project has one for the number, at which
// nobody reads.
func (c *call) textCode(t *store.Tx, kind mail.Kind, token *store.Token, code string) error {
	if _, ok := c.config.mockNumbers[token.Address]; ok {
		return nil
	}
	return c.text(t, mail.Text{Kind: kind, To: token.Address, Values: mail.Values{OTP: code}, Expires: token.ExpiresAt})
}
