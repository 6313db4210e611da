package isojot

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/caller"
	"github.com/isojot/isojot/internal/jsonobj"
)

// Claims are what a JWT says (contract section 5.1).
type Claims struct {
	// UserID is the user whom the token stands for.
	UserID string
	// SessionID is the session that the token dies with, or "" when it is
	// bound to none.
	SessionID string
	// Expiry is the first moment at which the token is refused, in whole
	// seconds. It is the server's clock's.
	Expiry time.Time
}

// MaxTokenBytes bounds a token: 8 KiB. A real one has about 250 bytes.
const MaxTokenBytes = 8 << 10

// Decode reads a token's claims. It never verifies them: it has no key, and
// anybody can write a token that says anything. Use it to show a token, never
// to let somebody in; package auth verifies.
//
// The error is of type ErrTokenMalformed and never holds the token.
func Decode(jwt string) (*Claims, error) {
	if err := checkToken(jwt); err != nil {
		return nil, malformed(err.Message)
	}
	head, rest, _ := strings.Cut(jwt, ".")
	body, _, _ := strings.Cut(rest, ".")
	header, err := segment("header", head)
	if err != nil {
		return nil, err
	}
	if alg, ok := header.String("alg"); !ok || alg == "" || ascii.EqualFold(alg, "none") {
		return nil, malformed(`JWT: the header names no signing algorithm ("alg", RFC 7515 section 4.1.1)`)
	}
	payload, err := segment("payload", body)
	if err != nil {
		return nil, err
	}
	return claims(payload)
}

func claims(payload jsonobj.Object) (*Claims, error) {
	c := &Claims{}
	var ok bool
	if c.UserID, ok = payload.String("userId"); !ok || c.UserID == "" {
		return nil, malformed(`JWT: the payload has no "userId"; it is a JWT, but not one for a user`)
	}
	if _, has := payload["sessionId"]; has {
		if c.SessionID, ok = payload.String("sessionId"); !ok {
			return nil, malformed(`JWT: "sessionId" is not a string`)
		}
	}
	exp, ok := payload.Int("exp")
	if !ok || exp <= 0 {
		return nil, malformed(`JWT: the payload has no "exp" that is a whole number of seconds between 1 and 2^53`)
	}
	c.Expiry = time.Unix(exp, 0)
	return c, nil
}

// segment decodes one part of the token to a JSON object.
func segment(name, text string) (jsonobj.Object, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, malformed("JWT: the " + name + " is not base64url (RFC 7515 section 2)")
	}
	obj, err := jsonobj.Parse(string(data))
	if err != nil {
		return nil, malformed("JWT: the " + name + " is " + err.Error())
	}
	return obj, nil
}

// checkToken refuses a string that has not the outward form of a JWT (RFC 7519
// section 3): three parts of base64url, joined by dots. The error has the
// code and type with which a server would refuse it.
func checkToken(jwt string) *Error {
	switch {
	case len(jwt) > MaxTokenBytes:
		return notToken("it is longer than 8192 bytes")
	case strings.Count(jwt, ".") != 2:
		return notToken("it has " + strconv.Itoa(strings.Count(jwt, ".")+1) + " parts between dots instead of 3")
	}
	for rest, more := jwt, true; more; {
		var part string
		if part, rest, more = strings.Cut(rest, "."); part == "" {
			return notToken("one of its three parts is empty")
		}
		for i := 0; i < len(part); i++ {
			if c := part[i]; !ascii.Alphanumeric(c) && c != '-' && c != '_' {
				return notToken("it has a character that base64url does not")
			}
		}
	}
	return nil
}

func notToken(why string) *Error {
	return &Error{
		Code: 401, Type: ErrUserJWTInvalid, Reason: ReasonJWTMalformed,
		Message: "JWT: this is no token, " + why + "; pass the " + caller.CreatedJWT + ", without \"Bearer \"",
	}
}

func malformed(message string) *Error {
	return &Error{Type: ErrTokenMalformed, Reason: ReasonJWTMalformed, Message: message}
}
