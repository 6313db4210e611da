package wire

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/isojot/isojot"
)

// Bounds of parameters (contract section 9).
const (
	minPassword, maxPassword = 8, 256 // bytes
	MaxName                  = 128    // characters
	maxDuration              = 3600   // seconds
)

// idPattern is the pattern of ids, chosen ones and those in paths.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$`)

// ValidID reports whether a text is an id.
func ValidID(s string) bool { return idPattern.MatchString(s) }

// What the validators say, word by word (contract section 9).
const (
	DescribeCustomID = "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char"
	DescribeUID      = "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. Can't start with a leading underscore"
	DescribeEmail    = "Value must be a valid email address"
	DescribePassword = "Password must be between 8 and 256 characters long."
	DescribeName     = "Value must be a valid string and at least 1 chars and no longer than 128 chars"
)

// Invalid says that a parameter does not pass its validator.
func Invalid(name, description string) error {
	return Failf(isojot.ErrArgumentInvalid, "Invalid `%s` param: %s", name, description)
}

// InvalidQuery says that a list cannot be searched as its queries, which are valid,
// ask for.
func InvalidQuery(format string, args ...any) error {
	return Failf(isojot.ErrQueryInvalid, format, args...)
}

// required is the value of a parameter that must be there. An explicit null is
// there, and does not pass any validator.
func (p Params) required(name string) (any, error) {
	v, ok := p.Value(name)
	if !ok {
		return nil, Failf(isojot.ErrArgumentInvalid, "Param \"%s\" is not optional.", name)
	}
	return v, nil
}

// Optional is the value of a parameter that may be absent, or null.
func (p Params) Optional(name string) (any, bool) {
	v, _ := p.Value(name)
	return v, v != nil
}

// Text is a required string that passes a test.
func (p Params) Text(name, description string, ok func(string) bool) (string, error) {
	v, err := p.required(name)
	if err != nil {
		return "", err
	}
	s, isString := v.(string)
	if !isString || !ok(s) {
		return "", Invalid(name, description)
	}
	return s, nil
}

// CustomID is the id for a new row: "unique()" or one the caller chose.
func (p Params) CustomID(name string) (string, error) {
	return p.Text(name, DescribeCustomID, func(s string) bool { return s == "unique()" || ValidID(s) })
}

// Email is the key of an e-mail address.
func (p Params) Email(name string) (string, error) {
	s, err := p.Text(name, DescribeEmail, func(s string) bool { return validEmail(strings.TrimSpace(s)) })
	return EmailKey(s), err
}

// Password is a password of 8 to 256 bytes.
func (p Params) Password(name string) (string, error) {
	return p.Text(name, DescribePassword, func(s string) bool { return len(s) >= minPassword && len(s) <= maxPassword })
}

// OptionalName is a name of 1 to 128 characters, or "" when it is absent.
func (p Params) OptionalName(name string) (string, error) {
	v, ok := p.Optional(name)
	if !ok {
		return "", nil
	}
	s, isString := v.(string)
	if n := utf8.RuneCountInString(s); !isString || n < 1 || n > MaxName {
		return "", Invalid(name, DescribeName)
	}
	return s, nil
}

// UID is an id in the path.
func UID(name, value string) (string, error) {
	if !ValidID(value) {
		return "", Invalid(name, DescribeUID)
	}
	return value, nil
}

// Duration is a number of seconds from 1 to 3600, or the default when it is
// absent. Appwrite's validator lets 0 pass, and then fails with a 500
// (contract section 5.2); here 0 is refused with a description of its own, and
// the rest with Appwrite's.
func (p Params) Duration(name string, otherwise int) (int, error) {
	v, ok := p.Optional(name)
	if !ok {
		return otherwise, nil
	}
	n, ok := integer(v)
	switch {
	case ok && n == 0:
		return 0, Invalid(name, DescribeRange(1, maxDuration))
	case !ok || n < 0 || n > maxDuration:
		return 0, Invalid(name, DescribeRange(0, maxDuration))
	}
	return n, nil
}

// integer reads a JSON number without fraction or exponent, or a string of
// digits with blanks around it, as PHP's is_numeric does.
func integer(v any) (int, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.Trim(v, " \t\n\r\v\f")
	default:
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err == nil
}

// DescribeRange is what Appwrite's validator of ranges says.
func DescribeRange(lo, hi int64) string {
	return fmt.Sprintf("Value must be a valid range between %s and %s", thousands(lo), thousands(hi))
}

// thousands writes a number with commas.
func thousands(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// TextOr is a string that passes a test, or another when it is absent.
func (p Params) TextOr(name, otherwise, description string, ok func(string) bool) (string, error) {
	if _, given := p.Optional(name); !given {
		return otherwise, nil
	}
	return p.Text(name, description, ok)
}

// StrictTruth is a truth value, false when it is absent; unlike elsewhere,
// "false" is false.
func (p Params) StrictTruth(name string) (bool, error) {
	v, given := p.Optional(name)
	if !given {
		return false, nil
	}
	b, err := p.Truth(name)
	return b && v != "false", err
}
