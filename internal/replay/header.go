package replay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compared are the headers that must be the recorded ones, and absent where
// the recording has none.
var compared = set("Content-Type", "Content-Encoding", "Allow", "Location", "Strict-Transport-Security",
	"X-Fallback-Cookies", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "X-Appwrite-Warning",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Access-Control-Max-Age")

// comparedOnErrors are compared where the recording has them, on errors.
var comparedOnErrors = set("Cache-Control", "Expires", "Pragma")

// exposed are the headers that the tested server lets pages read beyond the
// recorded ones, always.
const exposed = ", X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, Date"

// set is the set of some names.
func set(names ...string) map[string]bool {
	s := map[string]bool{}
	for _, name := range names {
		s[name] = true
	}
	return s
}

// cookieDate is how cookies spell dates.
const cookieDate = "Mon, 02-Jan-2006 15:04:05 GMT"

// expiryPrefix begins the attribute.
const expiryPrefix = "expires="

// relativeExpiry writes a cookie's expires as @N, N seconds after a time,
// unless it lies in 1970, as that of a deleted cookie does.
func relativeExpiry(cookie string, at time.Time) string {
	parts := strings.Split(cookie, "; ")
	for i, part := range parts {
		text, ok := strings.CutPrefix(part, expiryPrefix)
		if !ok {
			continue
		}
		if t, err := time.Parse(cookieDate, text); err == nil && t.Year() > 1970 {
			parts[i] = fmt.Sprint(expiryPrefix, "@", t.Unix()-at.Unix())
		}
	}
	return strings.Join(parts, "; ")
}

// sameExpiry reports whether two relative expiries are about the same.
func sameExpiry(a, b string) bool {
	a, okA := strings.CutPrefix(a, expiryPrefix+"@")
	b, okB := strings.CutPrefix(b, expiryPrefix+"@")
	m, err1 := strconv.ParseInt(a, 10, 64)
	n, err2 := strconv.ParseInt(b, 10, 64)
	return okA && okB && err1 == nil && err2 == nil && near(m, n)
}

// tolerance is how far times of the two servers may be apart, in seconds: the
// recordings have whole seconds only, and hashing a password took up to one.
const tolerance = 3

// near reports whether two unix times, or durations in seconds, are about the
// same.
func near(a, b int64) bool { return a-b <= tolerance && b-a <= tolerance }

// headers compares the headers but the cookies.
func (c *comparison) headers() {
	for _, name := range slices.Sorted(maps.Keys(compared)) {
		c.header(name, c.want.Headers[name], c.got.Header.Values(name))
	}
	if c.want.Status < 400 || c.got.Status < 400 {
		return // the difference is in the status
	}
	for _, name := range slices.Sorted(maps.Keys(comparedOnErrors)) {
		c.header(name, c.want.Headers[name], c.got.Header.Values(name))
	}
}

// header compares one header. A reduced expectation leaves out the headers
// that are the same in every answer.
func (c *comparison) header(name string, want, got []string) {
	if c.want.reduced() && constant[name] {
		return
	}
	if constant[name] {
		want = slices.Compact(slices.Clone(want)) // sent twice with an empty answer of GraphQL
	}
	if name == "Access-Control-Expose-Headers" && len(want) == 1 {
		want = []string{want[0] + exposed}
	}
	if name == "Location" && len(want) == 1 && len(got) == 1 && strings.Contains(want[0], "?") {
		c.redirect(want[0], got[0])
		return
	}
	same := len(want) == len(got)
	for i := 0; same && i < len(want); i++ {
		same = c.env.match(want[i], got[i])
	}
	if !same {
		c.differ("header "+name, strings.Join(want, " | "), strings.Join(got, " | "))
	}
}

// constant are the headers that every answer has alike.
var constant = set("Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Credentials",
	"Access-Control-Expose-Headers", "Access-Control-Max-Age", "Cache-Control", "Expires", "Pragma")

// cookies compares the Set-Cookie headers, attribute by attribute.
func (c *comparison) cookies(at time.Time) {
	got := c.got.Header.Values("Set-Cookie")
	if len(got) != len(c.want.Cookies) {
		c.differ("cookies", cookieNames(c.want.Cookies), cookieNames(got))
		return
	}
	for i, want := range c.want.Cookies {
		c.cookie(strings.Split(want, "; "), strings.Split(relativeExpiry(got[i], at), "; "))
	}
}

// cookie compares one cookie: its name and value, the names of its attributes
// in order, and their values.
func (c *comparison) cookie(want, got []string) {
	name, _, _ := strings.Cut(want[0], "=")
	if a, b := attributeNames(want), attributeNames(got); a != b {
		c.differ("cookie "+name+" attributes", a, b)
		return
	}
	for i, attribute := range want {
		if !c.env.match(attribute, got[i]) && !sameExpiry(attribute, got[i]) {
			field, _, _ := strings.Cut(attribute, "=")
			c.differ("cookie "+name+" "+field, attribute, got[i])
		}
	}
}

// attributeNames are the names of a cookie and its attributes.
func attributeNames(parts []string) string {
	var names []string
	for _, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// cookieNames are the names of cookies, for a message.
func cookieNames(cookies []string) string {
	var names []string
	for _, cookie := range cookies {
		name, _, _ := strings.Cut(cookie, "=")
		names = append(names, name)
	}
	return strings.Join(names, " | ")
}
