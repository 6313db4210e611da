package replay

import (
	"regexp"
	"slices"
	"strings"
)

// giveRules gives each difference the rule it had, else that of its class.
func (of *collection) giveRules(scenarios []*scenario, found, listed []difference) {
	had := map[string]string{}
	for _, d := range listed {
		had[d.key()] = d.Rule
	}
	steps := map[place]*step{}
	for _, sc := range scenarios {
		for _, s := range sc.Steps {
			steps[place{sc.Name, s.Number}] = s
		}
	}
	for i := range found {
		d := &found[i]
		if d.Rule = had[d.key()]; d.Rule == "" {
			d.Rule = of.ruleOf(steps[place{d.Scenario, d.Step}], *d)
		}
	}
}

// ruleOf is the rule of a difference's class, or "".
func (of *collection) ruleOf(s *step, d difference) string {
	if rule := unruled[place{d.Scenario, d.Step}]; rule != "" && !of.apart {
		return rule
	}
	list := classes
	if of.apart {
		list = classes2
	}
	for _, c := range list {
		if c.has(s, d) {
			return c.rule
		}
	}
	return ""
}

// contractRule begins the rules of the contract's sections 12 and 13.
var contractRule = regexp.MustCompile(`^1[23]\.[1-9][0-9]?\b`)

// deliberate reports whether a rule is one of the contract's sections 12 and 13,
// which say where this server and the recorded one part.
func deliberate(rule string) bool {
	return contractRule.MatchString(rule) || strings.HasPrefix(rule, parityPrefix)
}

// parityPrefix begins the rules that a row of docs/parity.md says: the rest is
// how that row begins.
const parityPrefix = "parity: "

// notStored is why lists of executions differ.
const notStored = "none: the recorded server ran without the worker that stores executions"

// unruled are the exchanges that differ though no rule of the contract has to
// do with it, and why. Any other exchange must have a rule.
var unruled = map[place]string{
	{"jwt-verify", 12}:               "none: net/http drops the blanks around a header's value (RFC 9110 section 5.5) before any handler sees it",
	{"rate-limit-email-session", 21}: "none: limits are counted for each project, or a sign-in to one would forgive failures in another",
	{"misc", 10}:                     "none: the redirect is relative (RFC 9110 section 10.2.2), so that it leads to the console behind a proxy that takes a prefix of the path away",
	{"misc", 55}:                     "none: the locales are those whose names are at hand, in CLDR",
	{"misc", 60}:                     "none: the currencies are those in use now, named as in CLDR",
	{"misc", 61}:                     "none: the languages of ISO 639-1 are named as in CLDR",
	{"executions", 27}:               "none: what a function is asked for begins with a slash",
	{"executions", 47}:               "none: executions are answered in JSON, which all current SDKs ask for (contract section 11)",
	{"executions", 49}:               notStored,
	{"executions", 50}:               notStored,
	{"executions", 52}:               notStored,
	{"executions-worker", 28}:        "none: the recorded server stored earlier executions when its worker was started; and 12.7: both functionId and resourceId",
	{"executions-worker", 36}:        "none: the replay's callers wait one second, not 30, and the message says so",
	{"misc", 62}:                     "none: in other languages than English, countries are named as in CLDR",
}

// differenceClass is a kind of differences, and why there are such.
type differenceClass struct {
	rule string
	has  func(*step, difference) bool
}

// classes are the kinds of differences of the first recordings; the first that
// fits counts.
var classes = []differenceClass{
	{"12.8: X-Appwrite-Warning is not sent", fieldIs("header X-Appwrite-Warning")},
	{"12.6: one X-Fallback-Cookies header", func(s *step, d difference) bool {
		return d.Field == "header X-Fallback-Cookies" && d.Recorded == "[] | []" && d.Ours == "[]"
	}},
	{"13.5: a preflight with a bad JWT is answered as any other (section 8), not refused; browsers send none with it", label("OPTIONS with bad JWT")},
	{"12.2: JSON, not HTML, for unknown routes", func(s *step, d difference) bool {
		return s.Want.Status == 404 && isPage(s)
	}},
	{"12.2, 13.8: JSON, not HTML, for a bad JWT on an unknown route", func(s *step, d difference) bool {
		return s.Want.Status == 401 && isPage(s)
	}},
	{"13.10: dates are in the API's form in all answers", func(s *step, d difference) bool {
		return d.Recorded == kindNote && strings.HasPrefix(s.Request.Path, "/v1/functions/")
	}},
	{"12.7: both functionId and resourceId", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Field, "/") && strings.HasPrefix(d.Field, "body /") && strings.Contains(d.Recorded, "requestHeaders") &&
			strings.HasPrefix(s.Request.Path, "/v1/functions/")
	}},
	{"13.10: bad and x-appwrite-* headers are 400, not 500", label("client tries to set x-appwrite-user-jwt", "bad header name")},
	{"12.1: a duration of 0 is 400, not 500", label("duration 0")},
	{"13.2: null is absent, not 500", label("name: null", "duration null", "null sessionId")},
	{"13.2: a value of the wrong type in X-Fallback-Cookies makes a guest, not 500", label("X-Fallback-Cookies wrong type")},
	{"12.10: the cookie's name is found whatever the case of the project's id", label("upper-case project id")},
	{"12.4: each project has a signing key", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Ours, "Invalid token: Signature failed") && d.Recorded == guests || d.Recorded == "general_unauthorized_scope" && d.Ours == "user_jwt_invalid" && otherProject(s)
	}},
	{"12.5, 13.8: alg must be HS256, exp an integer, userId a string, no claim twice; otherwise 401", func(s *step, d difference) bool {
		return d.Scenario == "jwt-verify" && (d.Ours == "user_jwt_invalid" || s.Want.Status == 200 && d.Ours == "401" ||
			s.Want.Status == 500 && d.Ours == "401" || strings.Contains(d.Ours, "The claim exp must be") || strings.HasSuffix(d.Ours, "Unsupported header algo"))
	}},
	{"13.1: prefs are kept as JSON as they were sent: {} and numeric names are accepted, {} stays an object, 1.0 stays 1.0", func(s *step, d difference) bool {
		return strings.Contains(s.Label, "prefs") || d.Scenario == "prefs" || strings.HasPrefix(d.Field, "body /prefs/")
	}},
	{"13.14: sessions beyond the limit end before the response, not after it, so that the next request does not race that", func(s *step, d difference) bool {
		return d.Scenario == "session-limit" && strings.HasPrefix(s.Label, "list after")
	}},
	{"12.11: the hashes of sessions' secrets are not shown", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Field, "/secret") && d.Recorded == kindHash && d.Ours == `""`
	}},
	{"12.3, 13.11: /users needs an API key", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/users/") && !hasHeader(s, "X-Appwrite-Key")
	}},
	{"12.3, 13.11: /users needs an API key, so the session was not deleted before", func(s *step, d difference) bool {
		return d.Scenario == "guest-users-sessions" && s.Label == "cookie after 3"
	}},
	{"13.4: the e-mail key of limits is not case-sensitive, or each spelling of an address had tries of its own", label("upper-case e-mail")},
	{"parity: a blocked user gets no mail, no session and no new password", func(s *step, d difference) bool {
		return s.Label == "sessions/token of blocked" && becomes(d, "403")
	}},
	{"13.13: an e-mail address with a blank before it is accepted, but stored without it, or two accounts would look the same", func(s *step, d difference) bool {
		return strings.HasPrefix(d.Recorded, `" a@`) && d.Ours == `"a@example.com"`
	}},
}

// guests is the message to a guest where a user is needed.
const guests = `User (role: guests) missing scopes (["account"])`

// label fits steps of these labels.
func label(labels ...string) func(*step, difference) bool {
	return func(s *step, d difference) bool { return slices.Contains(labels, s.Label) }
}

// fieldIs fits differences in a field.
func fieldIs(name string) func(*step, difference) bool {
	return func(s *step, d difference) bool { return d.Field == name }
}

// isPage reports whether the recorded answer is a page for people.
func isPage(s *step) bool {
	return len(s.Want.Headers["Content-Type"]) > 0 && s.Want.Headers["Content-Type"][0] == "text/html; charset=UTF-8"
}

// otherProject reports whether the request names the other project.
func otherProject(s *step) bool {
	for _, h := range s.Request.Headers {
		if h[0] == "X-Appwrite-Project" && h[1] == "other" {
			return true
		}
	}
	return strings.Contains(s.Request.Path, "project=other")
}

// hasHeader reports whether the request has a header.
func hasHeader(s *step, name string) bool {
	return slices.ContainsFunc(s.Request.Headers, func(h [2]string) bool { return h[0] == name })
}
