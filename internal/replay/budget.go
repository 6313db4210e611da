package replay

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// counters are what recorded limits must have counted so far in a scenario.
type counters map[string]counter

// counter is the least that the next answer must say was used, as long as the
// window is the same.
type counter struct {
	used  int
	reset string
}

// cleared reports whether an answer shows that less was used than requests since
// have counted: whoever recorded cleared the limits in between.
func (c counters) cleared(e exchange) bool {
	bucket, forgives := bucketOf(e)
	limit, remaining, reset, ok := budgetOf(e)
	if bucket == "" || !ok || e.Response.Status == http.StatusTooManyRequests {
		return false
	}
	used := limit - remaining - 1
	before := c[bucket]
	next := used
	if requestHeader(e, "X-Appwrite-Key") == "" {
		next++
	}
	if forgives && e.Response.Status == http.StatusCreated {
		next = 0
	}
	c[bucket] = counter{next, reset}
	return before.reset == reset && used < before.used && remaining > 0
}

// goOn reports whether the first answers of a scenario count what the one before
// it has used: whoever recorded did not clear the limits in between, as was done
// between most.
func (c counters) goOn(list []exchange) bool {
	seen := map[string]bool{}
	for _, e := range list {
		bucket, _ := bucketOf(e)
		limit, remaining, reset, ok := budgetOf(e)
		if bucket == "" || !ok || seen[bucket] {
			continue
		}
		seen[bucket] = true
		if used := limit - remaining - 1; used > 0 && c[bucket] == (counter{used, reset}) {
			return true
		}
	}
	return false
}

// bucketOf names what the limit of a request counts, "" where there is none,
// and reports whether a success empties it (contract sections 6 and 13.4).
func bucketOf(e exchange) (name string, forgives bool) {
	path, _, _ := strings.Cut(e.Request.Path, "?")
	var body struct {
		Email  any `json:"email"`
		UserID any `json:"userId"`
	}
	_ = json.Unmarshal([]byte(deref(e.Request.Body)), &body) // what is no JSON names nobody
	switch session, ok := strings.CutPrefix(path, "/v1/account/sessions"); {
	case path == "/v1/account/jwts", path == "/v1/account/jwt":
		return "jwts of " + requestHeader(e, "Cookie") + requestHeader(e, "X-Appwrite-Session"), false
	case !ok && (path == "/v1/account" || path == "/v1/account/password"):
		return e.Request.Method + path, false
	case !ok:
		return "", false
	case e.Request.Method == http.MethodPost && (session == "" || session == "/email"):
		return encode([]any{"email", body.Email}), true
	case session == "/token", e.Request.Method == http.MethodPut:
		return encode([]any{"token", body.UserID}), true
	case session != "" && session != "/anonymous":
		return "session", false
	}
	return path, false
}

// budgetOf reads the headers of a limit.
func budgetOf(e exchange) (limit, remaining int, reset string, ok bool) {
	for _, h := range e.Response.Headers {
		switch http.CanonicalHeaderKey(h[0]) {
		case "X-Ratelimit-Limit":
			limit, _ = strconv.Atoi(h[1]) // 0 is none
		case "X-Ratelimit-Remaining":
			remaining, _ = strconv.Atoi(h[1])
		case "X-Ratelimit-Reset":
			reset = h[1]
		}
	}
	return limit, remaining, reset, limit > 0
}

// requestHeader is a header of a request, "" without it.
func requestHeader(e exchange, name string) string {
	for _, h := range e.Request.Headers {
		if http.CanonicalHeaderKey(h[0]) == name {
			return h[1]
		}
	}
	return ""
}
