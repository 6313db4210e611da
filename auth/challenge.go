package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot"
)

// answer is what a request gets that is not let through. Its texts are fixed:
// nothing of the token or of an error reaches the client.
type answer struct {
	status     int
	challenge  bool // a WWW-Authenticate goes along
	code       string
	text       string
	reason     isojot.Reason
	retryAfter time.Duration
}

// Error codes: RFC 6750 section 3.1, and for what is not the token's fault RFC
// 6749 section 4.1.2.1.
const (
	codeInvalidRequest = "invalid_request"
	codeInvalidToken   = "invalid_token"
	codeUnavailable    = "temporarily_unavailable"
)

// missing has no code: the request did not try (RFC 6750 section 3.1).
func missing() *answer {
	return &answer{
		status: http.StatusUnauthorized, challenge: true, reason: isojot.ReasonNoSession,
		text: "Send a JWT of the signed-in user: Authorization: Bearer <jwt>",
	}
}

func invalidRequest(text string) *answer {
	return &answer{status: http.StatusBadRequest, challenge: true, code: codeInvalidRequest, text: text}
}

// failed is the answer to a Verifier's error.
func failed(err error) *answer {
	if !errors.Is(err, ErrRefused) {
		return &answer{
			status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: retryAfterOf(err),
			text: "Whether the JWT is valid cannot be found out at the moment",
		}
	}
	reason := reasonOf(err)
	return &answer{
		status: http.StatusUnauthorized, challenge: true, code: codeInvalidToken, text: refusalText(reason), reason: reason,
	}
}

func refusalText(reason isojot.Reason) string {
	switch reason {
	case isojot.ReasonJWTExpired:
		return "The JWT has expired"
	case isojot.ReasonJWTMalformed:
		return "The token is not a JWT that createJWT made"
	case isojot.ReasonSessionEnded:
		return "The session of the JWT has ended"
	case isojot.ReasonUserBlocked:
		return "The user of the JWT is blocked"
	}
	return "The JWT was refused"
}

// write sends the answer.
func (a *answer) write(w http.ResponseWriter, realm string) {
	h := w.Header()
	if a.challenge {
		h.Set("WWW-Authenticate", a.header(realm))
	}
	if a.retryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((a.retryAfter+time.Second-1)/time.Second), 10))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	// An error here is a client that has gone.
	_ = json.NewEncoder(w).Encode(struct {
		Code   string        `json:"error,omitempty"`
		Text   string        `json:"error_description"`
		Reason isojot.Reason `json:"reason,omitempty"`
	}{a.code, a.text, a.reason})
}

// header is the challenge (RFC 6750 section 3).
func (a *answer) header(realm string) string {
	value := "Bearer realm=" + quoted(realm)
	if a.code != "" {
		value += ", error=" + quoted(a.code) + ", error_description=" + quoted(a.text)
	}
	return value
}

// quoted is a quoted-string of HTTP (RFC 9110 section 5.6.4).
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
