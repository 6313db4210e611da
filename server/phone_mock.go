package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/wire"
)

// MockNumbers are phone numbers for tests, as +14155550100, each with its code of
// six digits.
type MockNumbers map[string]string

func (n MockNumbers) masked() map[string]string {
	shown := make(map[string]string, len(n))
	for number, code := range n {
		shown[number] = mask.Of(code)
	}
	return shown
}

// Format implements fmt.Formatter, without the codes.
func (n MockNumbers) Format(f fmt.State, verb rune) { show(f, verb, n.masked()) }

// MarshalJSON encodes the numbers without their codes.
func (n MockNumbers) MarshalJSON() ([]byte, error) { return json.Marshal(n.masked()) }

// maxMockNumbers is how many of Project.MockNumbers there can be, as in Appwrite.
const maxMockNumbers = 10

// checkMockNumbers says what is wrong with Project.MockNumbers.
func checkMockNumbers(numbers MockNumbers) error {
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

// mockNumbersSetting sets Project.MockNumbers.
var mockNumbersSetting = Setting{"mock-numbers", "phone numbers for tests with their codes, as +14155550100=123456 (separated by commas or blanks): nothing is sent to them",
	func(p *Project, v string) error {
		var numbers MockNumbers
		for _, word := range words(v) {
			number, code, ok := strings.Cut(word, "=")
			if !ok {
				return fmt.Errorf("the number %q has no code", word)
			}
			if numbers == nil {
				numbers = MockNumbers{}
			}
			numbers[number] = code
		}
		p.MockNumbers = numbers
		return checkMockNumbers(numbers)
	}, func(p *Project) string {
		var all []string
		for _, number := range slices.Sorted(maps.Keys(p.MockNumbers)) {
			all = append(all, number+"="+p.MockNumbers[number])
		}
		return strings.Join(all, ",")
	}}

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
