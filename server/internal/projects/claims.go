package projects

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
)

// maxClaimValue bounds the value of iss and aud, in characters.
const maxClaimValue = 256

// claims are the claims that a project's JWTs have beside userId,
// sessionId and exp.
type claims struct {
	issuer, audience                       string // "": left out
	issuedAt, subject, email, name, labels bool
}

// claimTexts and claimFlags are the claims that a project can switch on: those
// that have a value of the project's, and those whose value is known.
var (
	claimTexts = map[string]func(*claims) *string{
		"iss": func(m *claims) *string { return &m.issuer },
		"aud": func(m *claims) *string { return &m.audience },
	}
	claimFlags = map[string]func(*claims) *bool{
		"iat":    func(m *claims) *bool { return &m.issuedAt },
		"sub":    func(m *claims) *bool { return &m.subject },
		"email":  func(m *claims) *bool { return &m.email },
		"name":   func(m *claims) *bool { return &m.name },
		"labels": func(m *claims) *bool { return &m.labels },
	}
)

// claimsHelp names what can be switched on.
const claimsHelp = "use iss=VALUE, aud=VALUE, iat, sub, email, name, labels"

// parseClaims reads what SetClaims was given.
func parseClaims(list []string) (m claims, err error) {
	var seen []string
	for _, entry := range list {
		name, value, hasValue := strings.Cut(entry, "=")
		if slices.Contains(seen, name) {
			return m, fmt.Errorf("the claim %q is given twice: give it once", name)
		}
		seen = append(seen, name)
		text, isText := claimTexts[name]
		flag, isFlag := claimFlags[name]
		switch {
		case isText:
			*text(&m), err = value, checkClaim(name, value)
		case isFlag && hasValue:
			err = fmt.Errorf("the claim %q has no value of the project's: leave out =%s", name, value)
		case isFlag:
			*flag(&m) = true
		default:
			err = fmt.Errorf("there is no claim %q to switch on: %s", name, claimsHelp)
		}
		if err != nil {
			return m, err
		}
	}
	return m, nil
}

// checkClaim says what is wrong with a value.
func checkClaim(name, value string) error {
	if n := utf8.RuneCountInString(value); n < 1 || n > maxClaimValue || !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("the claim %q needs a value of 1 to %d characters without control characters, as in %s=https://auth.example.com", name, maxClaimValue, name)
	}
	return nil
}

// of are the claims of a user's token that is made now.
func (m claims) of(userID string, user *store.User, now time.Time) userjwt.More {
	more := userjwt.More{Issuer: m.issuer, Audience: m.audience}
	if m.subject {
		more.Subject = userID
	}
	if m.issuedAt {
		more.IssuedAt = now.Unix()
	}
	if m.email && user.Email != "" { // the one says nothing without the other
		more.Email, more.EmailVerified = user.Email, &user.EmailVerified
	}
	if m.name {
		more.Name = user.Name
	}
	if m.labels {
		more.Labels = &user.Labels
	}
	return more
}

// with replaces the values of claims that the project has switched on.
func (m claims) with(values map[string]string) (claims, error) {
	for name, value := range values {
		text, isText := claimTexts[name]
		switch {
		case !isText && claimFlags[name] != nil:
			return m, fmt.Errorf("the claim %q cannot be given a value: it says what is so", name)
		case !isText:
			return m, fmt.Errorf("there is no claim %q: the values of iss and aud can be given, where the project has them", name)
		case *text(&m) == "":
			return m, fmt.Errorf("the project has not switched on the claim %q: see isojot key claims", name)
		}
		if err := checkClaim(name, value); err != nil {
			return m, err
		}
		*text(&m) = value
	}
	return m, nil
}
