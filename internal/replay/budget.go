package replay

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
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
	if e.Response.Status == http.StatusTooManyRequests {
		return false
	}
	cleared, now := false, counters{}
	buckets, forgives := bucketsOf(e)
	for i, b := range budgetsOf(e) {
		if i >= len(buckets) {
			break
		}
		used := b.limit - b.remaining - 1
		before := c[buckets[i]]
		next := used
		if requestHeader(e, "X-Appwrite-Key") == "" {
			next++
		}
		if forgives && e.Response.Status == http.StatusCreated {
			next = 0
		}
		now[buckets[i]] = counter{next, b.reset}
		cleared = cleared || before.reset == b.reset && used < before.used && b.remaining > 0
	}
	cleared = cleared || c.fewer(buckets, budgetsOf(e))
	if cleared {
		clear(c) // all were cleared
	}
	maps.Copy(c, now)
	return cleared
}

// fewer reports whether an answer counts less than a limit after those in its
// headers must have counted: a further one is in them only when less is left of
// it than of the one before.
func (c counters) fewer(buckets []string, told []budget) bool {
	if len(told) == 0 || len(told) >= len(buckets) {
		return false
	}
	last := told[len(told)-1]
	before := c[buckets[len(told)]]
	return before.reset == last.reset && last.remaining > 0 && last.limit-last.remaining-1 < before.used
}

// goOn reports whether the first answers of a scenario count what the one before
// it has used: whoever recorded did not clear the limits in between, as was done
// between most.
func (c counters) goOn(list []exchange) bool {
	seen := map[string]bool{}
	for _, e := range list {
		buckets, _ := bucketsOf(e)
		for i, b := range budgetsOf(e) {
			if i >= len(buckets) || seen[buckets[i]] {
				break
			}
			seen[buckets[i]] = true
			if used := b.limit - b.remaining - 1; used > 0 && c[buckets[i]] == (counter{used, b.reset}) {
				return true
			}
		}
	}
	return false
}

// named are the members of a request's body that limits count by.
type named struct {
	Email       any `json:"email"`
	Phone       any `json:"phone"`
	UserID      any `json:"userId"`
	ChallengeID any `json:"challengeId"`
}

// bucketsOf names what the limits of a request count, in the order of their
// headers, and reports whether a success empties them.
func bucketsOf(e exchange) (names []string, forgives bool) {
	path, _, _ := strings.Cut(e.Request.Path, "?")
	var body named
	_ = json.Unmarshal([]byte(deref(e.Request.Body)), &body) // what is no JSON names nobody
	if limited := furtherLimits(e, path, body); limited != nil {
		return limited, false
	}
	name, forgives := bucketOf(e, path, body)
	if name == "" {
		return nil, false
	}
	return []string{name}, forgives
}

// sessionRun is a session's secret in a header.
var sessionRun = regexp.MustCompile(`eyJpZCI6[A-Za-z0-9+/_-]+`)

// userOf is the id of the user whose session or JWT a request has; where it has
// none, what it has instead.
func userOf(e exchange) any {
	text := requestHeader(e, "Cookie") + requestHeader(e, "X-Appwrite-Session")
	if id, _, ok := readStore(sessionRun.FindString(text)); ok {
		return id
	}
	var claims struct{ UserID string }
	if m, ok := takeJWT(requestHeader(e, "X-Appwrite-JWT")); ok && json.Unmarshal([]byte(m.Payload), &claims) == nil {
		return claims.UserID
	}
	return text
}

// furtherLimits are the limits of verification, recovery, one-time tokens,
// second factors, invitations and OAuth2 (the second recordings' README). A
// bucket that counts more than its name says is never taken for a cleared one.
func furtherLimits(e exchange, path string, body named) []string {
	post := e.Request.Method == http.MethodPost
	who := encode([]any{path, userOf(e)})
	address := path + " by address"
	switch part := strings.TrimPrefix(path, "/v1/"); {
	case part == "account/recovery" && post, part == "account/tokens/email":
		return []string{encode([]any{path, body.Email}), address}
	case strings.HasSuffix(part, "/magic-url") && post:
		return []string{encode([]any{"magic-url", body.Email}), "magic-url by address"}
	case part == "account/tokens/phone", part == "account/sessions/phone" && post:
		return []string{encode([]any{"phone", body.Phone}), "phone by address"}
	case part == "account/verifications/phone" && post, part == "account/verification/phone" && post:
		return []string{"new " + who, address}
	case strings.HasPrefix(part, "account/verification") && post, strings.HasPrefix(part, "account/mfa/challenge") && post:
		return []string{who}
	case strings.HasPrefix(part, "account/verification"), part == "account/recovery":
		return []string{encode([]any{path, body.UserID})}
	case strings.HasPrefix(part, "account/mfa/challenge"):
		return []string{encode([]any{path, body.ChallengeID})}
	case strings.HasPrefix(part, "account/sessions/oauth2/"), strings.HasPrefix(part, "account/tokens/oauth2/"):
		return []string{"/v1/account/sessions/anonymous"}
	case strings.HasSuffix(part, "/memberships") && post:
		return []string{address}
	}
	return nil
}

// bucketOf names what the limit of a request counts, "" where there is none,
// and reports whether a success empties it (contract sections 6 and 13.4).
func bucketOf(e exchange, path string, body named) (name string, forgives bool) {
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

// budget is what the headers of a limit say.
type budget struct {
	limit, remaining int
	reset            string
}

// budgetsOf reads the headers of limits.
func budgetsOf(e exchange) []budget {
	all := map[string][]string{}
	for _, h := range e.Response.Headers {
		name := http.CanonicalHeaderKey(h[0])
		all[name] = append(all[name], h[1])
	}
	var list []budget
	for i, text := range all["X-Ratelimit-Limit"] {
		limit, err := strconv.Atoi(text)
		if err != nil || i >= len(all["X-Ratelimit-Remaining"]) || i >= len(all["X-Ratelimit-Reset"]) {
			return list
		}
		remaining, err := strconv.Atoi(all["X-Ratelimit-Remaining"][i])
		if err != nil {
			return list
		}
		list = append(list, budget{limit, remaining, all["X-Ratelimit-Reset"][i]})
	}
	return list
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
