package server

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/ledger"
	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/server/internal/wire"
)

// contractErrors are the types that contract section 3 lists.
var contractErrors = []isojot.ErrorType{
	"general_argument_invalid", "general_query_invalid", "general_bad_request", "general_unauthorized_scope",
	"general_access_forbidden", "general_unknown_origin", "general_route_not_found", "general_rate_limit_exceeded", "general_unknown",
	"project_not_found", "project_key_expired", "project_id_missing",
	"user_unauthorized", "user_jwt_invalid", "user_jwt_and_cookie_set", "user_jwt_creation_denied", "user_api_key_and_session_set",
	"user_blocked", "user_not_found", "user_session_not_found", "user_session_already_exists", "user_invalid_credentials",
	"user_invalid_token", "user_already_exists", "user_target_already_exists", "user_count_exceeded", "user_auth_method_unsupported",
	"password_recently_used", "password_personal_data", "user_password_reset_required",
	"function_not_found", "execution_not_found", "deployment_not_found", "build_not_ready", "function_runtime_unsupported",
	"function_synchronous_timeout", "execution_in_progress",
}

// unreachable are the types of the contract that no request to this server is
// answered with, and why.
var unreachable = map[isojot.ErrorType]string{
	"user_api_key_and_session_set": "it is about keys of Appwrite accounts, not of projects; there are none",
	"user_password_reset_required": "nothing sets the flag",
	"build_not_ready":              "nothing is built here",
	"function_runtime_unsupported": "a target that cannot be run ends the start",
}

// echoExecutions are those of a function that everybody may execute.
const echoExecutions = "/v1/functions/echo/executions"

// people is a server with the signed-in user ann and the user bob.
type people struct {
	*fixture
	ann    headers // her session
	key    headers // with every scope
	secret string  // ann's store string
}

// newPeople makes them.
func newPeople(t *testing.T) *people {
	p := &people{fixture: newFixture(t, func(o *Options) {
		o.Dev = &Dev{Token: devToken}
		o.Functions = []Function{{ID: "echo", Handler: &seen{}, Execute: anyone, Timeout: maxFunctionTimeout}, {ID: "empty", Execute: anyone}}
		o.FunctionWait = time.Second
		o.Projects = []Project{{ID: DefaultProject}, {ID: "strict", Rules: Rules{MaxUsers: 1, Disabled: []AuthMethod{MethodJWT}, DisabledServices: []string{"locale"}}}}
	})}
	p.signUp("ann")
	p.signUp("bob")
	p.secret, _ = p.signIn("ann")
	p.ann, p.key = session(p.secret), p.apiKey()
	return p
}

// strict signs a user up in the project with rules.
func (p *people) strict(t *testing.T) headers {
	h := headers{"X-Appwrite-Project": "strict"}
	a := p.must(201, "POST", "/v1/account/sessions/anonymous", h, "{}")
	h["X-Fallback-Cookies"] = a.Header().Get("X-Fallback-Cookies")
	return h
}

// withMail is do where mails and text messages are taken.
func (p *people) withMail(method, path string, h headers, body string) answer {
	p.options.Outbox = true
	defer func() { p.options.Outbox = false }()
	return p.do(method, path, h, body)
}

// produced are requests that are answered with each type.
var produced = map[isojot.ErrorType]func(*testing.T, *people) answer{
	isojot.ErrArgumentInvalid: func(t *testing.T, p *people) answer { return p.do("POST", "/v1/account", nil, "{}") },
	isojot.ErrBadRequest: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account", nil, `{"name":"`+strings.Repeat("x", wire.MaxBody)+`"}`)
	},
	isojot.ErrSMTPDisabled: func(t *testing.T, p *people) answer {
		return p.do("POST", emailCodePath, nil, body("userId", "x", "email", "ann@example.com"))
	},
	isojot.ErrPhoneDisabled: func(t *testing.T, p *people) answer {
		return p.do("POST", phoneCodePath, nil, body("userId", "x", "phone", phone))
	},
	isojot.ErrUserEmailNotFound: func(t *testing.T, p *people) answer {
		return p.withMail("POST", verifyPath, cookieOf(p.must(201, "POST", "/v1/account/sessions/anonymous", nil, "{}")), body("url", landing))
	},
	isojot.ErrUserPhoneNotFound: func(t *testing.T, p *people) answer { return p.withMail("POST", phonePath, p.ann, "{}") },
	isojot.ErrPasswordRecentlyUsed: func(t *testing.T, p *people) answer {
		return p.withRules(Rules{PasswordHistory: 1}, "PATCH", "/v1/account/password", p.ann, body("password", "password123", "oldPassword", "password123"))
	},
	isojot.ErrPasswordPersonalData: func(t *testing.T, p *people) answer {
		return p.withRules(Rules{PasswordPersonalData: true}, "POST", "/v1/account", nil, body("userId", "unique()", "email", "eve@example.com", "password", "eve@example.com"))
	},
	isojot.ErrInvalidEmail:       func(t *testing.T, p *people) answer { return p.newTarget("email", "nope") },
	isojot.ErrInvalidPhone:       func(t *testing.T, p *people) answer { return p.newTarget("sms", "123") },
	isojot.ErrUserTargetNotFound: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/users/ann/targets/nosuch", p.key, "") },
	isojot.ErrProviderNotFound: func(t *testing.T, p *people) answer {
		p.newTarget("push", "token")
		return p.do("PATCH", "/v1/users/ann/targets/t", p.key, body("providerId", "nosuch"))
	},
	isojot.ErrTeamNotFound:       func(t *testing.T, p *people) answer { return p.do("GET", "/v1/teams/nosuch", p.key, "") },
	isojot.ErrMembershipNotFound: func(t *testing.T, p *people) answer { return p.inTeam("GET", "/nosuch", "") },
	isojot.ErrTeamAlreadyExists: func(t *testing.T, p *people) answer {
		p.inTeam("GET", "", "")
		return p.do("POST", "/v1/teams", p.key, body("teamId", "t", "name", "T"))
	},
	isojot.ErrMembershipAlreadyConfirmed: func(t *testing.T, p *people) answer {
		p.inTeam("POST", "", `{"userId":"ann","roles":[]}`)
		return p.inTeam("POST", "", `{"userId":"ann","roles":[]}`)
	},
	isojot.ErrTeamInvalidSecret:      func(t *testing.T, _ *people) answer { return accepting(t, "wrong", false) },
	isojot.ErrTeamInviteNotFound:     func(t *testing.T, p *people) answer { return p.inTeam("DELETE", "/nosuch", "") },
	isojot.ErrTeamInviteMismatch:     func(t *testing.T, _ *people) answer { return accepting(t, "", true) },
	isojot.ErrTeamMembershipMismatch: func(t *testing.T, _ *people) answer { return accepting(t, "", false, "other") },
	isojot.ErrUserEmailAlreadyVerified: func(t *testing.T, p *people) answer {
		p.must(200, "PATCH", "/v1/users/ann/verification", p.key, body("emailVerification", true))
		return p.withMail("POST", verifyPath, p.ann, body("url", landing))
	},
	isojot.ErrUserPhoneAlreadyVerified: func(t *testing.T, p *people) answer {
		p.must(200, "PATCH", "/v1/users/ann/phone", p.key, body("number", phone))
		p.must(200, "PATCH", "/v1/users/ann/verification/phone", p.key, body("phoneVerification", true))
		return p.withMail("POST", phonePath, p.ann, "{}")
	},
	isojot.ErrUnauthorizedScope: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/account", nil, "") },
	isojot.ErrServiceDisabled: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/locale", headers{"X-Appwrite-Project": "strict"}, "")
	},
	isojot.ErrUnknownOrigin: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/account", headers{"Origin": "https://evil.example"}, "")
	},
	isojot.ErrRouteNotFound: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/nope", nil, "") },
	isojot.ErrRateLimitExceeded: func(t *testing.T, p *people) answer {
		for range 10 {
			p.must(401, "POST", "/v1/account/sessions/email", nil, `{"email":"bob@example.com","password":"wrong password"}`)
		}
		return p.do("POST", "/v1/account/sessions/email", nil, `{"email":"bob@example.com","password":"password123"}`)
	},
	isojot.ErrUnknown: func(t *testing.T, p *people) answer {
		// The connections are gone, as when the disk fails.
		if err := p.db.Close(); err != nil {
			t.Fatal(err)
		}
		return p.do("GET", "/v1/account", p.ann, "")
	},
	isojot.ErrServer: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/health/time", p.key, "") },
	isojot.ErrProjectNotFound: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/account", headers{"X-Appwrite-Project": "nope"}, "")
	},
	isojot.ErrProjectIDMissing: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/users", p.key.with(headers{"X-Appwrite-Project": ""}), "")
	},
	isojot.ErrProjectKeyExpired: func(t *testing.T, p *people) answer {
		key := p.newKey(DefaultProject, NewKey{Expires: time.Minute})
		p.must(200, "GET", "/v1/users", key, "")
		p.advance(time.Minute)
		return p.do("GET", "/v1/users", key, "")
	},
	isojot.ErrUserUnauthorized: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/users", headers{"X-Appwrite-Key": "standard_unknown"}, "")
	},
	isojot.ErrUserJWTInvalid: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/account", token("a.b.c"), "") },
	isojot.ErrUserJWTAndCookieSet: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/account", p.ann.with(token(p.jwt(p.secret))), "")
	},
	isojot.ErrUserJWTCreationDenied: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account/jwts", token(p.jwt(p.secret)), "{}")
	},
	isojot.ErrUserBlocked: func(t *testing.T, p *people) answer {
		p.must(200, "PATCH", "/v1/users/ann/status", p.key, `{"status":false}`)
		return p.do("GET", "/v1/account", p.ann, "")
	},
	isojot.ErrSessionNotFound: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/account/sessions/nope", p.ann, "") },
	isojot.ErrSessionAlreadyExists: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account/sessions/anonymous", p.ann, "{}")
	},
	isojot.ErrUserInvalidCredentials: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"wrong password"}`)
	},
	isojot.ErrUserAlreadyExists: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account", nil, `{"userId":"unique()","email":"ann@example.com","password":"password123"}`)
	},
	isojot.ErrUserCountExceeded: func(t *testing.T, p *people) answer {
		p.strict(t)
		return p.do("POST", "/v1/account/sessions/anonymous", headers{"X-Appwrite-Project": "strict"}, "{}")
	},
	isojot.ErrUserAuthMethodUnsupported: func(t *testing.T, p *people) answer { return p.do("POST", "/v1/account/jwts", p.strict(t), "{}") },
	isojot.ErrUserInvalidToken: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/account/sessions/token", nil, `{"userId":"ann","secret":"000000"}`)
	},
	isojot.ErrUserNotFound: func(t *testing.T, p *people) answer { return p.do("GET", "/v1/users/nope", p.key, "") },
	isojot.ErrUserTargetAlreadyExists: func(t *testing.T, p *people) answer {
		return p.do("PATCH", "/v1/account/email", p.ann, `{"email":"bob@example.com","password":"password123"}`)
	},
	isojot.ErrUserPhoneAlreadyExists: func(t *testing.T, p *people) answer {
		p.must(200, "PATCH", "/v1/users/bob/phone", p.key, `{"number":"+14155550100"}`)
		return p.do("PATCH", "/v1/account/phone", p.ann, `{"phone":"+14155550100","password":"password123"}`)
	},
	isojot.ErrCursorNotFound: func(t *testing.T, p *people) answer {
		return p.do("GET", `/v1/users?queries[0]=%7B%22method%22:%22cursorAfter%22,%22values%22:[%22nope%22]%7D`, p.key, "")
	},
	isojot.ErrGraphQLMethodUnsupported: func(t *testing.T, p *people) answer {
		return p.do("GET", "/v1/graphql?query="+url.QueryEscape("mutation{accountDelete{status}}"), nil, "")
	},
	isojot.ErrQueryInvalid: func(t *testing.T, p *people) answer {
		return p.do("GET", listPath(q("search", "name", `"ann"`)), p.key, "")
	},
	isojot.ErrGraphQLNoQuery: func(t *testing.T, p *people) answer { return p.do("POST", "/v1/graphql", nil, "{}") },
	isojot.ErrGraphQLTooManyQueries: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/graphql", nil, "["+strings.Repeat(`{"query":"{accountGet{_id}}"},`, maxBatch)+`{}]`)
	},

	isojot.ErrAccessForbidden: func(t *testing.T, p *people) answer {
		return p.do("POST", echoExecutions, headers{"X-Appwrite-Project": ""}, "{}")
	},
	isojot.ErrFunctionNotFound: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/functions/nope/executions", nil, "{}")
	},
	isojot.ErrDeploymentNotFound: func(t *testing.T, p *people) answer {
		return p.do("POST", "/v1/functions/empty/executions", nil, "{}")
	},
	isojot.ErrExecutionNotFound: func(t *testing.T, p *people) answer { return p.do("GET", echoExecutions+"/nope", p.key, "") },
	isojot.ErrExecutionInProgress: func(t *testing.T, p *people) answer {
		b := newBlock()
		p.useRunner("echo", b)
		t.Cleanup(func() { close(b.goOn) }) // before the server closes
		a := p.must(202, "POST", echoExecutions, p.key, `{"async":true}`)
		<-b.begun
		return p.do("DELETE", echoExecutions+"/"+a.text("$id"), p.key, "")
	},
	isojot.ErrFunctionSynchronousTimeout: func(t *testing.T, p *people) answer {
		p.useRunner("echo", newBlock())
		return p.do("POST", echoExecutions, nil, "{}")
	},
	isojot.ErrFunctionsBusy: func(t *testing.T, p *people) answer {
		p.fill("", "guests of 192.0.2.1", maxWaiting)
		return p.do("POST", echoExecutions, nil, `{"async":true}`)
	},
	isojot.ErrServerBusy: func(t *testing.T, p *people) answer {
		p.memory = ledger.New(freeMemory, 0)
		a := p.do("POST", echoExecutions, nil, `{"body":"`+strings.Repeat("x", wire.MaxBody)+`"}`)
		if a.Header().Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", a.Header().Get("Retry-After"))
		}
		return a
	},
	isojot.ErrPasswordsBusy: func(t *testing.T, p *people) answer {
		var err error
		if p.hasher, err = password.New(password.OWASP, 0, 0); err != nil {
			t.Fatal(err)
		}
		a := p.do("POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"correct horse"}`)
		if a.Header().Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", a.Header().Get("Retry-After"))
		}
		return a
	},
	isojot.ErrDatabaseUnavailable: func(t *testing.T, _ *people) answer {
		f := newFixture(t, onDisk(t))
		f.signUp("ann")
		f.holdLock()
		a := f.do("POST", "/v1/account/sessions/email", nil, rightPassword("ann"))
		if a.Header().Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", a.Header().Get("Retry-After"))
		}
		return a
	},
	isojot.ErrUserMoreFactorsRequired: func(_ *testing.T, p *people) answer {
		p.enroll(p.secret)
		p.must(200, "PATCH", "/v1/users/ann/mfa", p.key, `{"mfa":true}`)
		store, _ := p.signIn("ann")
		return p.do("GET", "/v1/account", session(store), "")
	},
	isojot.ErrUserChallengeRequired: func(_ *testing.T, p *people) answer {
		return p.do("GET", "/v1/account/mfa/recovery-codes", p.ann, "")
	},
	isojot.ErrUserAuthenticatorNotFound: func(_ *testing.T, p *people) answer {
		return p.do("DELETE", "/v1/users/ann/mfa/authenticators/totp", p.key, "")
	},
	isojot.ErrUserAuthenticatorAlreadyVerified: func(_ *testing.T, p *people) answer {
		p.enroll(p.secret)
		return p.do("POST", "/v1/account/mfa/authenticators/totp", p.ann, "{}")
	},
	isojot.ErrUserRecoveryCodesNotFound: func(_ *testing.T, p *people) answer {
		return p.do("GET", "/v1/users/ann/mfa/recovery-codes", p.key, "")
	},
	isojot.ErrUserRecoveryCodesAlreadyExists: func(_ *testing.T, p *people) answer {
		p.must(201, "POST", "/v1/account/mfa/recovery-codes", p.ann, "{}")
		return p.do("POST", "/v1/account/mfa/recovery-codes", p.ann, "{}")
	},
	isojot.ErrUserEmailNotVerified: func(t *testing.T, _ *people) answer { return challengeOf(t, "email", nil) },
	isojot.ErrUserPhoneNotVerified: func(t *testing.T, _ *people) answer {
		return challengeOf(t, "phone", func(f *fixture) {
			f.must(200, "PATCH", "/v1/users/ann/phone", byTestKey, `{"number":"+14155550123"}`)
		})
	},
	isojot.ErrUserIdentityNotFound: func(_ *testing.T, p *people) answer {
		return p.do("DELETE", "/v1/account/identities/nosuch", p.ann, "")
	},
	isojot.ErrFunctionFailed: func(t *testing.T, p *people) answer {
		p.useRunner("echo", crashes())
		return p.do("GET", "/_functions/demo/echo/", nil, "")
	},
	isojot.ErrHostNotAllowed: func(t *testing.T, p *people) answer {
		return p.do("GET", "/_functions/demo/echo/", headers{"Host": "evil.example"}, "")
	},
	isojot.ErrDevTokenInvalid: func(t *testing.T, p *people) answer {
		return p.do("GET", "/_isojot/clock", local(headers{"Authorization": "Bearer wrong"}), "")
	},
	isojot.ErrDevNotLocal: func(t *testing.T, p *people) answer {
		return p.do("GET", "/_isojot/clock", local(headers{"RemoteAddr": "192.0.2.1:40000"}), "")
	},
	isojot.ErrDevOff: func(t *testing.T, _ *people) answer { return newFixture(t).do("GET", "/_isojot/clock", local(nil), "") },
	isojot.ErrDevArgumentInvalid: func(t *testing.T, p *people) answer {
		return p.do("POST", "/_isojot/clock/advance", local(nil), `{"duration":"-1s"}`)
	},
}

// withRules asks a project of those rules.
func (p *people) withRules(r Rules, method, path string, h headers, body string) answer {
	p.t.Helper()
	if err := p.SetProject(p.t.Context(), Project{ID: DefaultProject, APIKey: p.options.APIKey, Rules: r}); err != nil {
		p.t.Fatal(err)
	}
	return p.do(method, path, h, body)
}

// newTarget gives ann the target t.
func (p *people) newTarget(kind, identifier string) answer {
	return p.do("POST", "/v1/users/ann/targets", p.key, body("targetId", "t", "providerType", kind, "identifier", identifier))
}

// inTeam asks for memberships of the team t, which it makes at first.
func (p *people) inTeam(method, path, body string) answer {
	p.do("POST", "/v1/teams", p.key, `{"teamId":"t","name":"T"}`)
	return p.do(method, "/v1/teams/t/memberships"+path, p.key, body)
}

// accepting accepts an invitation of kim, as a guest or as eve; secret "" is the right one,
// and team the one that is said.
func accepting(t *testing.T, secret string, signedIn bool, team ...string) answer {
	f := newTeam(t)
	f.invite(`"email":"kim@example.com","name":"Kim"`)
	l := f.mailed("kim@example.com")
	if secret == "" {
		secret = l.secret
	}
	var h headers
	if signedIn {
		h = f.eve
	}
	id := "t"
	for _, other := range team {
		f.must(201, "POST", "/v1/teams", f.ann, body("teamId", other, "name", "Other"))
		id = other
	}
	return f.do("PATCH", "/v1/teams/"+id+"/memberships/"+l.membership+"/status", h, body("userId", l.user, "secret", secret))
}

// told are errors that browsers get, of which a page or a URL tells.
var told = map[isojot.ErrorType]func(*testing.T, *people) oauth2Error{
	isojot.ErrProjectProviderDisabled: func(t *testing.T, p *people) oauth2Error {
		return toldByPage(t, p.do("GET", "/v1/account/sessions/oauth2/github", nil, ""))
	},
	isojot.ErrUserOAuth2BadRequest: func(t *testing.T, p *people) oauth2Error {
		return toldByPage(t, p.do("GET", "/v1/account/sessions/oauth2/dev/redirect?state=unknown", nil, ""))
	},
	isojot.ErrUserOAuth2ProviderError:   func(t *testing.T, p *people) oauth2Error { return p.toldByURL(t, "error", "access_denied") },
	isojot.ErrUserOAuth2ProviderFailure: func(t *testing.T, p *people) oauth2Error { return p.toldByURL(t, "code", "wrong") },
}

// TestEveryErrorType asks for every type of error: those of the contract are
// produced or explained, and those that the server has are produced, each with
// its status.
func TestEveryErrorType(t *testing.T) {
	t.Parallel()
	for _, kind := range wire.Kinds() {
		if tell, ok := told[kind]; ok {
			t.Run(string(kind), func(t *testing.T) {
				t.Parallel()
				if e := tell(t, newPeople(t)); e.Type != string(kind) || e.Code != wire.Status(kind) || e.Message == "" {
					t.Errorf("told is %+v, want %s %d", e, kind, wire.Status(kind))
				}
			})
			continue
		}
		produce, ok := produced[kind]
		if !ok {
			t.Errorf("no request is known that is answered with %s: add one to produced", kind)
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			scenario{status: wire.Status(kind), kind: string(kind)}.check(t, produce(t, newPeople(t)))
		})
	}
	for _, kind := range contractErrors {
		has := wire.Status(kind) != 0
		if why := unreachable[kind]; has == (why != "") {
			t.Errorf("%s must either be produced or be explained in unreachable, not %s", kind, map[bool]string{true: "both", false: "neither"}[has])
		}
	}
	for kind := range unreachable {
		if !slices.Contains(contractErrors, kind) {
			t.Errorf("%s is explained, but is not a type of the contract", kind)
		}
	}
}
