package replay

import (
	"slices"
	"strings"
)

// explained are the reasons of classes2 that are no decision of this server's.
var explained = reasonsOf(classes2)

// reasonsOf are the rules of classes that begin with "none: ".
func reasonsOf(list []differenceClass) map[string]bool {
	reasons := map[string]bool{}
	for _, c := range list {
		if strings.HasPrefix(c.rule, "none: ") {
			reasons[c.rule] = true
		}
	}
	return reasons
}

// classes2 are the kinds of differences of the second recordings; the first
// that fits counts.
var classes2 = []differenceClass{
	{"parity: unknown routes, below /v1 and outside, answer JSON", func(s *step, d difference) bool {
		return s.Want.Status == 404 && isPage(s)
	}},

	// The parameters and bodies of users-odd-values and account-odd-values.
	{"parity: `null` for an optional parameter is as if absent", func(s *step, d difference) bool {
		return oddValues(d) && s.Want.Status == 500 && strings.HasSuffix(s.Label, "=None")
	}},
	{"parity: a JWT's `duration` of 0 is 400", func(s *step, d difference) bool {
		return oddValues(d) && s.Want.Status == 500 && strings.Contains(s.Label, "duration=")
	}},
	{"parity: prefs are kept as the JSON that was sent", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, "prefs={}")
	}},
	{"none: the recorded server takes true for the text 1", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, "userId=True")
	}},
	{"none: the recorded server takes the id 0 for none, and fails", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, "userId='0'")
	}},
	{"none: the recorded server counts no limit when a parameter is an empty object", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, "={}") && strings.HasPrefix(d.Field, "header X-Ratelimit-")
	}},
	{"none: the recorded server keeps the messaging target of an address that a user has no more", func(s *step, d difference) bool {
		return oddValues(d) && s.Label == "users.email email=''" && d.Field == "body /targets"
	}},
	{"none: the recorded server hashes the empty password that took a user's password away", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(d.Field, "/password") && d.Ours == kindNull
	}},
	{"none: the recorded database does not tell the letters of ids apart by case", func(s *step, d difference) bool {
		return oddValues(d) && (s.Label == "users.get id=True" || s.Label == "users.get id=False")
	}},
	{"none: the names of media types are alike in either case (RFC 9110 section 8.3.1)", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, " as APPLICATION/JSON")
	}},
	{"parity: blanks around an e-mail address are dropped", func(s *step, d difference) bool {
		return oddValues(d) && strings.Contains(s.Label, "=' a@b.example '")
	}},

	// Lists of users.
	{"parity: `search` of users finds parts of words, and users who have all of them", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/users?search=")
	}},
	{"none: `orderRandom` is refused: a list in no order has no next page", func(s *step, d difference) bool {
		return strings.Contains(s.Request.Path, "orderRandom")
	}},
	{"none: the recorded text is that of a fault of the program, with the place in it", func(s *step, d difference) bool {
		return strings.Contains(d.Recorded, "parseQuery(): Argument")
	}},

	// GraphQL.
	{"parity: GraphQL's errors have `extensions`", func(s *step, d difference) bool {
		return graphQL(s) && strings.HasPrefix(d.Field, "body /") && strings.HasSuffix(d.Field, "/") && d.Ours == d.Recorded+" extensions"
	}},
	{"parity: `Vary: Origin`; rate-limit headers", func(s *step, d difference) bool {
		return graphQL(s) && strings.HasPrefix(d.Field, "header X-Ratelimit-") && d.Recorded == ""
	}},
	{"none: the recorded server names the type of an answer without a body null", func(s *step, d difference) bool {
		return graphQL(s) && d.Field == "header Content-Type" && d.Recorded == "null"
	}},
	{"parity: one `X-Fallback-Cookies` header", func(s *step, d difference) bool {
		return d.Field == "header X-Fallback-Cookies" && d.Recorded == "[] | []" && d.Ours == "[]"
	}},
	{"parity: introspection is allowed, with bounds of its own", func(s *step, d difference) bool {
		return graphQL(s) && s.Label == "schema: too deep"
	}},
	{"none: the schema has the types of this server's operations alone", func(s *step, d difference) bool {
		return graphQL(s) && d.Field == "body /data/__schema/types"
	}},
	{"none: the recorded server looks for the costs of a hash under other names than it keeps them", func(s *step, d difference) bool {
		return graphQL(s) && strings.Contains(d.Field, "/hashOptions/") && d.Recorded == kindNull
	}},
	{"none: GraphQL does not offer the operations of functions", func(s *step, d difference) bool {
		return graphQL(s) && s.Label == "functions execution"
	}},
}

// oddValues fits the scenarios that send odd values.
func oddValues(d difference) bool {
	return slices.Contains([]string{"users-odd-values", "account-odd-values"}, d.Scenario)
}

// graphQL fits the requests to GraphQL.
func graphQL(s *step) bool { return strings.HasPrefix(s.Request.Path, "/v1/graphql") }
