package replay

import (
	"net/http"
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

	// Verification, recovery, magic links and codes.
	{"parity: a recovery is answered alike, whoever has an account", func(s *step, d difference) bool {
		return recovery(s) && s.Request.Method == http.MethodPost && (s.Want.Status == 404 || s.Want.Status == 403) && becomes(d, "201")
	}},
	{"parity: a secret of a user who is not there is answered like a wrong one", func(s *step, d difference) bool {
		return s.Request.Method == http.MethodPut && s.Want.Type == "user_not_found" && (recovery(s) || verification(s)) && becomes(d, "401")
	}},
	{"parity: a change of password, and ending all sessions, end the user's one-time tokens", func(s *step, d difference) bool {
		return recovery(s) && s.Label == "update: other outstanding token" && becomes(d, "401")
	}},
	{"parity: a blocked user gets no mail, no session and no new password", func(s *step, d difference) bool {
		return strings.Contains(s.Label, "blocked") && s.Want.Status < 300 && (recovery(s) || verification(s) || signsIn(s)) && becomes(d, "403") ||
			(s.Label == "mail or none" || s.Label == "sms or none") && d.Field == "message" && d.Ours == "none"
	}},
	{"parity: a verification is of the address that its secret was sent to", func(s *step, d difference) bool {
		return verification(s) && s.Label == "update: secret made for the old email" && becomes(d, "401")
	}},
	{"parity: session lists for API keys do not show the hashes of secrets", func(s *step, d difference) bool {
		return strings.HasSuffix(d.Field, "/secret") && d.Recorded == kindHash && d.Ours == `""`
	}},
	{"parity: of several limits, the headers tell the one of which least is left", func(s *step, d difference) bool {
		return strings.HasPrefix(d.Field, "header X-Ratelimit-") && strings.Contains(d.Recorded, " | ") && !strings.Contains(d.Ours, " | ") &&
			slices.Contains(strings.Split(d.Recorded, " | "), d.Ours)
	}},
	{"parity: a user's id that is taken is 409 for links and codes, too", func(s *step, d difference) bool {
		return s.Want.Status == 500 && (strings.HasPrefix(s.Request.Path, "/v1/account/tokens/") || s.Request.Path == "/v1/account/sessions/magic-url") && becomes(d, "409")
	}},
	{"none: mails go to the address as the user has it, in small letters", func(s *step, d difference) bool {
		return d.Field == "message to" && strings.EqualFold(d.Recorded, d.Ours)
	}},
	{"none: there are mails in English alone", func(s *step, d difference) bool {
		return d.Field == "message subject" && (strings.HasPrefix(d.Recorded, "Connexion") || strings.HasPrefix(d.Recorded, "Kennwort"))
	}},
	{"none: mails are addressed to the user's name where there is one", func(s *step, d difference) bool {
		return d.Field == "message to name" && d.Recorded == ""
	}},
	{"none: a blank in a link is %20", func(s *step, d difference) bool {
		return d.Field == "message link" && strings.Contains(d.Recorded, "b=x+y") && strings.Contains(d.Ours, "b=x%20y")
	}},
	{"none: the recorded answer to a change of address shows when its target was last changed before", func(s *step, d difference) bool {
		return s.Request.Method == http.MethodPatch && strings.HasPrefix(d.Field, "body /targets/") && strings.HasSuffix(d.Field, "/$updatedAt")
	}},

	{"parity: an address that nobody has verified", func(s *step, d difference) bool {
		return slices.Contains(afterTakeOver[d.Scenario], s.Label)
	}},
	{"parity: deleting an identity ends the sessions that it signed in to", func(s *step, d difference) bool {
		return d.Scenario == "identities" && slices.Contains([]string{"delete: good", "delete: again", "account after"}, s.Label)
	}},

	// The parameters and bodies of users-odd-values and account-odd-values.
	{"parity: `null` for an optional parameter is as if absent", func(s *step, d difference) bool {
		return oddValues(d) && s.Want.Status == 500 && strings.HasSuffix(s.Label, "=None")
	}},
	{"parity: a JWT's `duration` of 0 is 400", func(s *step, d difference) bool {
		return oddValues(d) && s.Want.Status == 500 && strings.Contains(s.Label, "duration=")
	}},
	{"parity: prefs are kept as the JSON that was sent", func(s *step, d difference) bool {
		return (oddValues(d) && strings.HasSuffix(s.Label, "prefs={}") || s.Label == "prefs: {}") && becomes(d, "200")
	}},
	{"parity: the truth value `true` is refused as an id", func(s *step, d difference) bool {
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
	{"parity: media types are alike in either case", func(s *step, d difference) bool {
		return oddValues(d) && strings.HasSuffix(s.Label, " as APPLICATION/JSON")
	}},
	{"parity: blanks around an e-mail address are dropped", func(s *step, d difference) bool {
		return oddValues(d) && strings.Contains(s.Label, "=' a@b.example '")
	}},

	{"none: the replay clears the limits when the recordings show it, which can be later than it was done", func(s *step, d difference) bool {
		return slices.Contains([]string{"recovery", "magic-url", "magic-url-alias", "email-otp"}, d.Scenario) && d.Field == "header X-Ratelimit-Remaining"
	}},
	{"none: what identities other scenarios made is not made up", func(s *step, d difference) bool {
		return d.Scenario == "key-scopes" && s.Request.Path == "/v1/users/identities" && strings.HasPrefix(d.Field, "body /")
	}},
	{"parity: no `X-Appwrite-Warning`", func(s *step, d difference) bool { return d.Field == "header X-Appwrite-Warning" }},
	{"none: mail servers and templates are those of the server, not of a project", func(s *step, d difference) bool {
		return d.Scenario == "project-smtp" && strings.HasPrefix(d.Field, "message ")
	}},
	{"none: a user made by an invitation has no password, not one that nobody knows", func(s *step, d difference) bool {
		return d.Scenario == "memberships" && d.Field == "body /password" && d.Ours == kindNull
	}},
	{"parity: everything below `/users` needs an API key", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/users") && !hasHeader(s, "X-Appwrite-Key") && becomes(d, "401")
	}},
	{"none: a push target stays when the session ends that made it", func(s *step, d difference) bool {
		return d.Scenario == "realtime-account-events" && d.Field == "body /targets"
	}},

	// Second factors.
	{"parity: a JWT is made for no session that has not shown its second factor", func(s *step, d difference) bool {
		return d.Scenario == "mfa-totp" && slices.Contains([]string{"users.createJWT for the pending session", "account by the JWT of the pending session", "users.createJWT recent"}, s.Label) && becomes(d, "401")
	}},
	{"parity: answers to challenges are counted for each user", func(s *step, d difference) bool {
		return answersChallenge(s) && (strings.HasPrefix(d.Field, "header X-Ratelimit-") || d.Scenario == "rate-limit-mfa-answers" && becomes(d, "429"))
	}},
	{"parity: a challenge of TOTP without an authenticator is answered 401", func(s *step, d difference) bool {
		return answersChallenge(s) && s.Want.Status == 500 && becomes(d, "401")
	}},
	{"none: challenges cannot be read: no SDK has that operation", func(s *step, d difference) bool {
		return s.Request.Method == http.MethodGet && strings.Contains(s.Request.Path, "/mfa/challenges/") && becomes(d, "404")
	}},

	// OAuth2.
	{"parity: the redirect URI has the Host as it was sent", func(s *step, d difference) bool {
		return oauth2(s) && (d.Field == "header Location redirect_uri" || d.Field == "header Location" && strings.Contains(d.Recorded, "localhost:") && strings.Contains(d.Ours, "/oauth2/"))
	}},
	{"parity: OAuth2's `state` is random", func(s *step, d difference) bool {
		return oauth2(s) && (d.Field == "header Location parameters" || s.Want.Status == 301 && strings.HasPrefix(s.Label, "redirect: ") && becomes(d, "400"))
	}},
	{"parity: a sign-in that fails without a failure URL", func(s *step, d difference) bool {
		return oauth2(s) && s.Want.Status == 500 && strings.HasPrefix(s.Label, "redirect: ") && becomes(d, "400")
	}},
	{"parity: the start of a token flow by a program", func(s *step, d difference) bool {
		return oauth2(s) && d.Scenario == "oauth2" && d.Field == "header X-Ratelimit-Remaining" && d.Ours != ""
	}},
	{"none: every answer below /v1 has the headers of CORS, the callback of a provider, too", func(s *step, d difference) bool {
		return strings.Contains(s.Request.Path, "/oauth2/callback/") && strings.HasPrefix(d.Field, "header Access-Control-")
	}},
	{"none: what comes by https over a proxy gets secure cookies, and is told to stay", func(s *step, d difference) bool {
		return oauth2(s) && strings.Contains(s.Label, "https") && (strings.HasPrefix(d.Field, "cookie a_session_golden") || d.Field == "header Strict-Transport-Security")
	}},
	{"none: without a project, sign-ins by OAuth2 are answered as all else is", func(s *step, d difference) bool {
		return oauth2(s) && s.Label == "no project" && becomes(d, "404")
	}},
	{"none: a sign-in by OAuth2 changes nothing of the user", func(s *step, d difference) bool {
		return (d.Scenario == "oauth2" || d.Scenario == "identities") && d.Field == "body /$updatedAt"
	}},

	// Imports by hash, and targets.
	{"parity: an imported hash must be of its form", func(s *step, d difference) bool {
		return imports(s) && s.Want.Status == 201 && becomes(d, "400") && (strings.HasSuffix(s.Label, "hash garbage") || strings.HasSuffix(s.Label, "passwordVersion missing"))
	}},
	{"parity: the `hashOptions` of an imported password are those of its hash", func(s *step, d difference) bool {
		return d.Scenario == "users-import" && strings.HasPrefix(d.Field, "body /hashOptions/")
	}},
	{"parity: a hash of argon2i is renewed, too", func(s *step, d difference) bool {
		return d.Scenario == "users-import" && d.Field == "body /password" && strings.HasPrefix(d.Recorded, `"$argon2i$`)
	}},
	{"parity: SHA-512/256 and SHA-512/224 can be imported, and hexadecimal digits in either case", func(s *step, d difference) bool {
		return d.Scenario == "users-import" && becomes(d, "201") && (strings.HasPrefix(s.Label, "sha sha512/2") || s.Label == "md5: upper case hash, sign in")
	}},
	{"parity: a push target by an API key is 401, and one whose identifier is taken 409", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/account/targets/") && s.Want.Status == 500 && (becomes(d, "401") || becomes(d, "409"))
	}},
	{"parity: answers of 1 KiB and more are compressed", func(s *step, d difference) bool {
		return d.Field == "header Content-Encoding" && strings.HasSuffix(s.Label, "gzip;q=0")
	}},

	// Lists of users.
	{"parity: `search=0` finds who has a 0", func(s *step, d difference) bool {
		return s.Request.Path == "/v1/users?search=0"
	}},
	{"parity: a search of users finds those in whom every word occurs", func(s *step, d difference) bool {
		return strings.HasPrefix(s.Request.Path, "/v1/users?search=")
	}},
	{"none: `orderRandom` is refused: a list in no order has no next page", func(s *step, d difference) bool {
		return strings.Contains(s.Request.Path, "orderRandom")
	}},
	{"parity: a filter within `or` that is no object", func(s *step, d difference) bool {
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
	{"parity: an `AlgoArgon2` has its", func(s *step, d difference) bool {
		return graphQL(s) && strings.Contains(d.Field, "/hashOptions/") && d.Recorded == kindNull
	}},
	{"none: GraphQL does not offer the operations of functions", func(s *step, d difference) bool {
		return graphQL(s) && s.Label == "functions execution"
	}},
}

// afterTakeOver are the steps, by scenario, of users who had more than an address
// that nobody had verified when they showed that it is theirs: their password, or
// the session by which the recorded steps go on.
var afterTakeOver = map[string][]string{
	"magic-url":       {"account after: is the email verified", "sign in: password"},
	"magic-url-alias": {"account after: is the email verified", "sign in: password"},
	"email-otp":       {"account after: is the email verified", "sign in: password"},
	"memberships": {"account of the accepter", "list: member", "list: JWT of member", "get: member", "update roles: member himself", "delete: member leaves",
		"delete: again", "get team after leaving", "list with a blocked member", "list after a member was deleted", "team total after a member was deleted"},
	"auth-methods-disabled-2": {"phone verification", "invites", "invites by key"},
}

// oddValues fits the scenarios that send odd values.
func oddValues(d difference) bool {
	return slices.Contains([]string{"users-odd-values", "account-odd-values"}, d.Scenario)
}

// graphQL fits the requests to GraphQL.
func graphQL(s *step) bool { return strings.HasPrefix(s.Request.Path, "/v1/graphql") }

// becomes fits every difference of a step but one that is of another status than
// this.
func becomes(d difference, status string) bool { return d.Field != "status" || d.Ours == status }

// recovery fits the requests of recoveries.
func recovery(s *step) bool { return strings.HasPrefix(s.Request.Path, "/v1/account/recovery") }

// verification fits the requests of verifications.
func verification(s *step) bool { return strings.HasPrefix(s.Request.Path, "/v1/account/verification") }

// signsIn fits the requests that trade a token for a session.
func signsIn(s *step) bool {
	return slices.Contains([]string{"/v1/account/sessions/token", "/v1/account/sessions/magic-url", "/v1/account/sessions/phone"}, s.Request.Path)
}

// imports fits the requests that import a user by a hash.
func imports(s *step) bool {
	return s.Request.Method == http.MethodPost && strings.HasPrefix(operationOf(s.Request.Method, strings.TrimPrefix(s.Request.Path, "/v1")), "users.create")
}

// answersChallenge fits the answers to challenges of second factors.
func answersChallenge(s *step) bool {
	return s.Request.Method == http.MethodPut && strings.HasPrefix(s.Request.Path, "/v1/account/mfa/challenge")
}

// oauth2 fits the hops of sign-ins by OAuth2.
func oauth2(s *step) bool { return strings.Contains(s.Request.Path, "/oauth2/") }
