package replay

import (
	"fmt"
	"regexp"
	"strings"
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
