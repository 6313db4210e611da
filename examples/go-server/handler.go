package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot"
)

// api answers requests. The base client carries no credential, so it cannot
// act for anybody; each request makes its own from it.
type api struct {
	base   *isojot.Client
	logger *slog.Logger
}

func newHandler(base *isojot.Client, logger *slog.Logger) http.Handler {
	a := &api{base: base, logger: logger}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /me", a.me)
	return mux
}

// me answers with the user whose JWT the request carries.
func (a *api) me(w http.ResponseWriter, r *http.Request) {
	token, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		unauthorized(w, "", "Send a JWT of the signed-in user: Authorization: Bearer <jwt>.")
		return
	}
	client, err := a.base.With(isojot.WithJWT(token))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	user, err := client.Account.Get(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	// What it says is of one user: no cache may give it to another.
	w.Header().Set("Cache-Control", "private, no-store")
	writeJSON(w, http.StatusOK, user)
}

// bearer takes the token out of an Authorization header (RFC 6750 section
// 2.1; RFC 9110 section 11.1: the scheme's case does not matter).
func bearer(header string) (string, bool) {
	scheme, token, found := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, found && token != "" && strings.EqualFold(scheme, "Bearer")
}

// fail answers with what the auth server said about the caller. Any other
// failure is the service's own affair: logged, and not told.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *isojot.Error
	if !errors.As(err, &e) {
		e = &isojot.Error{}
	}
	switch {
	case r.Context().Err() != nil:
		// The caller has gone: nobody is there to answer.
	case e.Code == http.StatusUnauthorized:
		unauthorized(w, e.Type, e.Message)
	case errors.Is(err, isojot.ErrUserBlocked):
		writeJSON(w, http.StatusForbidden, problem{Message: e.Message, Type: e.Type})
	default:
		a.logger.ErrorContext(r.Context(), "asking the auth server", "error", err)
		writeJSON(w, http.StatusBadGateway, problem{Message: "The auth server gave no usable answer. The log of this service says why."})
	}
}

// unauthorized refuses the request. The challenge names an error only if a
// token was there (RFC 6750 section 3.1).
func unauthorized(w http.ResponseWriter, kind isojot.ErrorType, message string) {
	challenge := `Bearer realm="go-server"`
	if kind != "" {
		challenge += `, error="invalid_token"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	writeJSON(w, http.StatusUnauthorized, problem{Message: message, Type: kind})
}

// problem is the body of a refusal.
type problem struct {
	Message string           `json:"message"`
	Type    isojot.ErrorType `json:"type,omitempty"`
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here means that the caller hung up.
	_ = json.NewEncoder(w).Encode(body)
}

// allowOrigins lets pages of the given origins call (the Fetch standard's
// CORS protocol). No cookie takes part, so credentials are not allowed.
func allowOrigins(allowed origins, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(allowed, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		}
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "GET")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization")
			w.Header().Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
