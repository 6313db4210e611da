package replay

import (
	"slices"
	"strings"
)

// giveRules gives each difference the rule it had, else that of its class.
func giveRules(scenarios []*scenario, found, listed []difference) {
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
			d.Rule = ruleOf(steps[place{d.Scenario, d.Step}], *d)
		}
	}
}

// ruleOf is the rule of a difference's class, or "".
func ruleOf(s *step, d difference) string {
	for _, c := range classes {
		if c.has(s, d) {
			return c.rule
		}
	}
	return ""
}

// deliberate says whether a rule is one of the deviations that the contract
// decided on, in its sections 12 and 13.
func deliberate(rule string) bool {
	return strings.HasPrefix(rule, "12.") || strings.HasPrefix(rule, "13.")
}

// classes are the kinds of differences there are; the first that fits counts.
// Those that are not deliberate say what is not covered, or what the recording
// shows of the recorder's doing.
var classes = []struct {
	rule string
	has  func(*step, difference) bool
}{
	{"not covered: outside /v1 there is this server's own page", func(s *step, d difference) bool {
		return !strings.HasPrefix(s.Request.Path, "/v1")
	}},
	{"not covered: net/http drops blanks around a header's value (RFC 9110 section 5.5)", label("spaces around")},
	{"not covered: net/http decodes %61 as a (RFC 3986 section 6.2.2.2)", label("percent-encoded path")},
	{"12.8: X-Appwrite-Warning is not sent", fieldIs("header X-Appwrite-Warning")},
	{"12.6: one X-Fallback-Cookies header", func(s *step, d difference) bool {
		return d.Field == "header X-Fallback-Cookies" && d.Recorded == "[] | []" && d.Ours == "[]"
	}},
	{"section 8: a preflight is answered whatever JWT it carries, which browsers never send with it", label("OPTIONS with bad JWT")},
	{"12.2: JSON, not HTML, for unknown routes", func(s *step, d difference) bool {
		return s.Want.Status == 404 && html(s)
	}},
	{"12.2, 13.8: JSON, not HTML, for a bad JWT on an unknown route", func(s *step, d difference) bool {
		return s.Want.Status == 401 && html(s)
	}},
	{"12.1: a duration of 0 is 400, not 500", label("duration 0")},
	{"13.2: null is absent, not 500", label("name: null", "duration null", "null sessionId")},
	{"13.2: a value of the wrong type in X-Fallback-Cookies makes a guest, not 500", label("X-Fallback-Cookies wrong type")},
	{"12.10: the cookie's name is found whatever the case of the project's id", label("upper-case project id")},
	{"12.4: each project has a signing key", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Ours, "Invalid token: Signature failed") && d.Recorded == guests || d.Recorded == "general_unauthorized_scope" && d.Ours == "user_jwt_invalid" && otherProject(s)
	}},
	{"12.5, 13.8: alg must be HS256, exp an integer, userId a string; otherwise 401", func(s *step, d difference) bool {
		return d.Scenario == "jwt-verify" && (d.Ours == "user_jwt_invalid" || s.Want.Status == 200 && d.Ours == "401" ||
			s.Want.Status == 500 && d.Ours == "401" || strings.Contains(d.Ours, "The claim exp must be") || strings.HasSuffix(d.Ours, "Unsupported header algo"))
	}},
	{"13.8: one text for what is no JSON, control characters or not", label("Bearer prefix")},
	{"13.1: prefs are kept as JSON as they were sent: {} and numeric names are accepted, {} stays an object, 1.0 stays 1.0", func(s *step, d difference) bool {
		return strings.Contains(s.Label, "prefs") || d.Scenario == "prefs" || strings.HasPrefix(d.Field, "body /prefs/")
	}},
	{"not covered: the recorded server ends sessions beyond the limit after its response, a race (13.14); here they end before it", func(s *step, d difference) bool {
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
	{"section 6: sign-ins to one address are counted together however it is spelled, or each spelling had tries of its own (13.4)", label("upper-case e-mail")},
	{"section 6: limits are counted for each project", label("other project while limited")},
	{"not covered: the recorder did not delete this limit's counter between scenarios", func(s *step, d difference) bool {
		return strings.HasPrefix(d.Scenario, "anonymous-") && d.Field == "header X-Ratelimit-Remaining"
	}},
	{"not covered: users whom no recorded exchange made count here", func(s *step, d difference) bool {
		return d.Scenario == "followups" && d.Field == "body /total" && strings.HasPrefix(s.Request.Path, "/v1/users?")
	}},
	{"not covered: without its workers the recorded server kept the target of a deleted user, whose successor so has none", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Field, "/targets") && d.Recorded == "0 members" && d.Ours == "1 members"
	}},
	{"not covered: a blank before an e-mail address is dropped, where the recorded server keeps it", func(s *step, d difference) bool {
		return strings.HasPrefix(d.Recorded, `" a@`) && d.Ours == `"a@example.com"`
	}},
	{"section 4: dates are written in one form, accessedAt too", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Field, "/accessedAt") && d.Ours == `"<date>"`
	}},
	{"not covered: this server has no such part to ask about", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/health/")
	}},
	{"not covered: this table is made of CLDR data, or not there", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/locale/")
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

// html says whether the recorded answer is a page for people.
func html(s *step) bool {
	return len(s.Want.Headers["Content-Type"]) > 0 && s.Want.Headers["Content-Type"][0] == "text/html; charset=UTF-8"
}

// otherProject says whether the request names the other project.
func otherProject(s *step) bool {
	for _, h := range s.Request.Headers {
		if h[0] == "X-Appwrite-Project" && h[1] == "other" {
			return true
		}
	}
	return strings.Contains(s.Request.Path, "project=other")
}

// hasHeader says whether the request has a header.
func hasHeader(s *step, name string) bool {
	return slices.ContainsFunc(s.Request.Headers, func(h [2]string) bool { return h[0] == name })
}
