package server

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
	maxName                  = 128    // characters
	maxDuration              = 3600   // seconds
)

// idPattern is the pattern of ids, chosen ones and those in paths.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$`)

// What the validators say, word by word (contract section 9).
const (
	describeCustomID = "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char"
	describeUID      = "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. Can't start with a leading underscore"
	describeEmail    = "Value must be a valid email address"
	describePassword = "Password must be between 8 and 256 characters long."
	describeName     = "Value must be a valid string and at least 1 chars and no longer than 128 chars"
)

// invalid says that a parameter does not pass its validator.
func invalid(name, description string) error {
	return failf(isojot.ErrArgumentInvalid, "Invalid `%s` param: %s", name, description)
}

// required is the value of a parameter that must be there. An explicit null is
// there, and does not pass any validator.
func (p params) required(name string) (any, error) {
	v, ok := p.value(name)
	if !ok {
		return nil, failf(isojot.ErrArgumentInvalid, "Param \"%s\" is not optional.", name)
	}
	return v, nil
}

// optional is the value of a parameter that may be absent, or null.
func (p params) optional(name string) (any, bool) {
	v, _ := p.value(name)
	return v, v != nil
}

// text is a required string that passes a test.
func (p params) text(name, description string, ok func(string) bool) (string, error) {
	v, err := p.required(name)
	if err != nil {
		return "", err
	}
	s, isString := v.(string)
	if !isString || !ok(s) {
		return "", invalid(name, description)
	}
	return s, nil
}

// customID is the id for a new row: "unique()" or one the caller chose.
func (p params) customID(name string) (string, error) {
	return p.text(name, describeCustomID, func(s string) bool { return s == "unique()" || idPattern.MatchString(s) })
}

// email is the key of an e-mail address.
func (p params) email(name string) (string, error) {
	s, err := p.text(name, describeEmail, func(s string) bool { return validEmail(strings.TrimSpace(s)) })
	return emailKey(s), err
}

// password is a password of 8 to 256 bytes.
func (p params) password(name string) (string, error) {
	return p.text(name, describePassword, func(s string) bool { return len(s) >= minPassword && len(s) <= maxPassword })
}

// optionalName is a name of 1 to 128 characters, or "" when it is absent.
func (p params) optionalName(name string) (string, error) {
	v, ok := p.optional(name)
	if !ok {
		return "", nil
	}
	s, isString := v.(string)
	if n := utf8.RuneCountInString(s); !isString || n < 1 || n > maxName {
		return "", invalid(name, describeName)
	}
	return s, nil
}

// uid is an id in the path.
func uid(name, value string) (string, error) {
	if !idPattern.MatchString(value) {
		return "", invalid(name, describeUID)
	}
	return value, nil
}

// duration is a number of seconds from 1 to 3600, or the default when it is
// absent. Appwrite's validator lets 0 pass, and then fails with a 500
// (contract section 5.2); here 0 is refused with a description of its own, and
// the rest with Appwrite's.
func (p params) duration(name string, otherwise int) (int, error) {
	v, ok := p.optional(name)
	if !ok {
		return otherwise, nil
	}
	n, ok := integer(v)
	switch {
	case ok && n == 0:
		return 0, invalid(name, describeRange(1, maxDuration))
	case !ok || n < 0 || n > maxDuration:
		return 0, invalid(name, describeRange(0, maxDuration))
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

// describeRange is what Appwrite's validator of ranges says.
func describeRange(lo, hi int64) string {
	return fmt.Sprintf("Value must be a valid range between %s and %s", thousands(lo), thousands(hi))
}

// thousands writes a number with commas.
func thousands(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
