package replay

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Parameters of the redirects of a sign-in by OAuth2.
var (
	stateParam = regexp.MustCompile(`[?&]state=([^&#]+)`)
	idParam    = regexp.MustCompile(`[?&]userId=([0-9a-f]{20})(?:[&#]|$)`)
	jwtParam   = regexp.MustCompile(`[?&]secret=(eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)`)
)

// location learns what a redirect hands out: the state of a sign-in that begins,
// a token's secret, which is wrapped in a JWT, and the id of its user. A
// recorded state says nothing but where the sign-in ends, and so comes again:
// each sign-in has a variable of its own.
func (l *learner) location(e exchange, to string) string {
	if m := stateParam.FindStringSubmatch(to); m != nil && !strings.Contains(e.Request.Path, "state=") {
		l.count["state"]++
		l.learn(m[1], fmt.Sprint("state", l.count["state"]))
	}
	if m := jwtParam.FindStringSubmatch(to); m != nil {
		l.name("jwt", m[1])
	}
	if m := idParam.FindStringSubmatch(to); m != nil {
		l.name("id", m[1])
	}
	return l.abstractNew(to)
}

// redirect compares two redirects, parameter by parameter, so that what one has
// more does not keep the others from standing for the recorded ones.
func (c *comparison) redirect(want, got string) {
	a, b := takeLink(want), takeLink(got)
	c.same("header Location", a.base, b.base)
	c.same("header Location fragment", a.fragment, b.fragment)
	if x, y := strings.Join(a.names, " "), strings.Join(b.names, " "); x != y {
		c.differ("header Location parameters", x, y)
	}
	for i, name := range a.names {
		if at := slices.Index(b.names, name); at >= 0 {
			c.same("header Location "+name, a.values[i], b.values[at])
		}
	}
}

// takenLink is a URL in parts; the values are as they were written.
type takenLink struct {
	base, fragment string
	names, values  []string
}

// takeLink takes a URL apart.
func takeLink(link string) takenLink {
	var t takenLink
	rest, fragment, has := strings.Cut(link, "#")
	if has {
		t.fragment = "#" + fragment
	}
	base, query, _ := strings.Cut(rest, "?")
	t.base = base
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		t.names, t.values = append(t.names, name), append(t.values, value)
	}
	return t
}

// browserCookie begins the names of the cookies by which the tested server knows
// the browser that began a sign-in by OAuth2. The recorded one had none.
const browserCookie = "isojot_oauth2_"

// keepCookies keeps those cookies of an answer for the next hop, and takes them
// out of it.
func (p *player) keepCookies(got *answer) {
	var rest []string
	for _, text := range got.Header["Set-Cookie"] {
		cookie, err := http.ParseSetCookie(text)
		if err != nil || !strings.HasPrefix(strings.TrimPrefix(cookie.Name, "__Host-"), browserCookie) {
			rest = append(rest, text)
			continue
		}
		p.browser[cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(p.browser, cookie.Name)
		}
	}
	if len(rest) < len(got.Header["Set-Cookie"]) {
		got.Header["Set-Cookie"] = rest
	}
}

// withCookies is a request with the browser's cookies, on the hops of a sign-in.
func (p *player) withCookies(q request) request {
	if len(p.browser) == 0 || !strings.Contains(q.Path, "/oauth2/") {
		return q
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(p.browser)) {
		all = append(all, name+"="+p.browser[name])
	}
	at := slices.IndexFunc(q.Headers, func(h [2]string) bool { return h[0] == "Cookie" })
	q.Headers = slices.Clone(q.Headers)
	if at < 0 {
		q.Headers = append(q.Headers, [2]string{"Cookie", strings.Join(all, "; ")})
	} else {
		q.Headers[at][1] += "; " + strings.Join(all, "; ")
	}
	return q
}

// begin follows the redirect by which the tested server lets the user's browser
// begin what a program asked for: the recorded one answers the provider's URL at
// once.
func (p *player) begin(q request, got answer) (answer, error) {
	to := got.Header.Get("Location")
	path := strings.TrimPrefix(strings.TrimPrefix(to, "http://localhost"), "https://localhost")
	if got.Status/100 != 3 || !strings.HasPrefix(path, "/v1/account/tokens/oauth2/") || strings.Contains(q.Path, "/callback/") {
		return got, nil
	}
	return p.ask(request{Method: http.MethodGet, Path: path, Headers: [][2]string{{"Host", cmp.Or(hostOf(q), "localhost")}}})
}

// hostOf is the request's Host.
func hostOf(q request) string {
	for _, h := range q.Headers {
		if h[0] == "Host" {
			return h[1]
		}
	}
	return ""
}

// earlierSignIn is the sign-in by OAuth2 by which the user of a scenario came,
// before the recording of it: the first one of the scenario is played at that
// time, too, and compared with nothing.
func earlierSignIn(list []exchange, steps []*step) []*step {
	at := cameAt(list)
	if at.IsZero() {
		return nil
	}
	steps[0].Cleared = true
	var earlier []*step
	for _, s := range steps {
		if !strings.Contains(s.Request.Path, "/oauth2") {
			break
		}
		if s.Class == classProvider {
			continue
		}
		before := *s
		before.Number, before.Label, before.At, before.Class = 0, "a sign-in that is not recorded", at.Unix(), classEarlier
		before.Want = &want{Status: s.Want.Status, Headers: map[string][]string{}}
		if len(earlier) == 0 {
			before.Want.Headers["Location"] = s.Want.Headers["Location"]
		}
		earlier = append(earlier, before.withState("state1", "state0"))
	}
	return earlier
}

// withState is the step with another variable for the state of its sign-in.
func (s *step) withState(old, name string) *step {
	rename := func(text string) string { return strings.ReplaceAll(text, "${"+old+"}", "${"+name+"}") }
	s.Request.Path = rename(s.Request.Path)
	for header, values := range s.Want.Headers {
		values = slices.Clone(values)
		for i := range values {
			values[i] = rename(values[i])
		}
		s.Want.Headers[header] = values
	}
	return s
}

// cameAt is when the user of a scenario that begins with a sign-in by OAuth2 had
// been made, where that was before; else it is zero.
func cameAt(list []exchange) time.Time {
	if !strings.Contains(list[0].Request.Path, "/oauth2/") {
		return time.Time{}
	}
	for _, e := range list {
		var u shownUser
		if e.Request.Path != "/v1/account" || e.Response.Status != http.StatusOK || json.Unmarshal([]byte(e.Response.Body), &u) != nil {
			continue
		}
		at, err := time.Parse(dateLayout, u.CreatedAt)
		if err != nil || near(at.Unix(), list[0].At.Unix()) || at.After(list[0].At) {
			return time.Time{}
		}
		return at
	}
	return time.Time{}
}
