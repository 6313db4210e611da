package auth

import (
	"net/http"
	"slices"
	"strings"
)

// Why a request is invalid by RFC 6750 section 3.1.
const (
	severalTokens = "The request has more than one token"
	emptyBearer   = "The Authorization header has no token after Bearer"
)

// credential takes the token out of a request: that of "Authorization: Bearer"
// (RFC 6750 section 2.1), else of X-Appwrite-JWT, else of the cookie where one
// is named. "" means that there is none. Two that differ are a fault, wherever
// they are: a proxy in front may have looked at the other one. The form body
// and the query, RFC 6750's other places, end up in logs and are not read.
func credential(r *http.Request, cookie string) (token, fault string) {
	var tokens []string
	for _, value := range r.Header.Values("Authorization") {
		scheme, rest, _ := strings.Cut(value, " ")
		if !strings.EqualFold(scheme, "Bearer") { // RFC 9110 section 11.1
			continue
		}
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return "", emptyBearer
		}
		tokens = append(tokens, rest)
	}
	tokens = append(tokens, r.Header.Values("X-Appwrite-JWT")...)
	if cookie != "" {
		for _, c := range r.CookiesNamed(cookie) {
			tokens = append(tokens, c.Value)
		}
	}
	// An empty header or cookie is as if absent, as for the endpoint.
	tokens = slices.DeleteFunc(tokens, func(t string) bool { return t == "" })
	if len(tokens) == 0 {
		return "", ""
	}
	for _, other := range tokens[1:] {
		if other != tokens[0] {
			return "", severalTokens
		}
	}
	return tokens[0], ""
}
