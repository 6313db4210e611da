package operations

var (
	accountScope = []string{"account"}
	signInScope  = []string{"sessions.write"}
)

// ofUser is what most operations of the account service ask of a caller.
var ofUser = Endpoint{Scopes: accountScope}

// account are the operations of the account service (contract section 9), with
// their limits (section 6).
var account = []Operation{
	{
		Name: "account.get", Pattern: "GET /account", Lanes: anyUser,
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.getPrefs", Pattern: "GET /account/prefs", Lanes: anyUser,
		Answer: "Preferences", Endpoint: &ofUser,
	},
	{
		Name: "account.listSessions", Pattern: "GET /account/sessions", Lanes: anyUser,
		Answer: "SessionList", Endpoint: &ofUser,
	},
	{
		Name: "account.getSession", Pattern: "GET /account/sessions/{sessionId}", Lanes: anyUser,
		Params: []Param{{Name: "sessionId"}},
		Answer: "Session", Note: "The id current is the session that the request presents.", Endpoint: &ofUser,
	},
	{
		Name: "account.create", Pattern: "POST /account", Lanes: byServer,
		Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}},
		Answer: "User", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitCaller, Method: EmailPassword},
	},
	{
		Name: "account.delete", Pattern: "DELETE /account", Lanes: anyUser, Effect: EndsAll,
		Answer: "None", Endpoint: &ofUser,
	},
	{
		Name: "account.createEmailPasswordSession", Pattern: "POST /account/sessions/email", Lanes: signIn, Effect: SignsIn,
		Aliases: []string{"POST /account/sessions"},
		Params:  []Param{{Name: "email"}, {Name: "password"}},
		Answer:  "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitEmail, Method: EmailPassword, SignedOut: true},
	},
	{
		Name: "account.createAnonymousSession", Pattern: "POST /account/sessions/anonymous", Lanes: signIn, Effect: SignsIn,
		Answer: "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitAnonymous, Method: Anonymous, SignedOut: true},
	},
	{
		// A one-time token is taken on the paths of the other kinds of tokens
		// too (contract section 13.13).
		Name: "account.createSession", Pattern: "POST /account/sessions/token", Lanes: signIn, Effect: SignsIn,
		Aliases: []string{"PUT /account/sessions/magic-url", "PUT /account/sessions/phone"},
		Params:  []Param{{Name: "userId"}, {Name: "secret"}},
		Answer:  "Session", Note: "Trades a one-time token for a session.",
		Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitToken, SignedOut: true},
	},
	{
		Name: "account.deleteSessions", Pattern: "DELETE /account/sessions", Lanes: signOut, Effect: EndsAll,
		Answer: "None", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitSignOut},
	},
	{
		Name: "account.updateSession", Pattern: "PATCH /account/sessions/{sessionId}", Lanes: anyUser,
		Params: []Param{{Name: "sessionId"}},
		Answer: "Session", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitUser},
	},
	{
		Name: "account.deleteSession", Pattern: "DELETE /account/sessions/{sessionId}", Lanes: anyUser, Effect: EndsSession,
		Params: []Param{{Name: "sessionId"}},
		Answer: "None", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitSignOut},
	},
	{
		Name: "account.createJWT", Pattern: "POST /account/jwts", Lanes: session,
		Aliases: []string{"POST /account/jwt"},
		Params:  []Param{{Name: "duration", Type: Int, Optional: true}},
		Answer:  "Jwt", Note: "The duration is in seconds, 1 to 3600; 900 unless given.",
		Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitJWTs, Method: ByJWT},
	},
	{
		Name: "account.updatePrefs", Pattern: "PATCH /account/prefs", Lanes: anyUser,
		Params: []Param{{Name: "prefs", Type: Object}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updateName", Pattern: "PATCH /account/name", Lanes: anyUser,
		Params: []Param{{Name: "name"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updateEmail", Pattern: "PATCH /account/email", Lanes: anyUser,
		Params: []Param{{Name: "email"}, {Name: "password"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updatePhone", Pattern: "PATCH /account/phone", Lanes: anyUser,
		Params: []Param{{Name: "phone"}, {Name: "password"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updatePassword", Pattern: "PATCH /account/password", Lanes: anyUser,
		Params: []Param{{Name: "password"}, {Name: "oldPassword", Optional: true}},
		Answer: "User", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitUser},
	},
	{
		Name: "account.updateStatus", Pattern: "PATCH /account/status", Lanes: signOut, Effect: EndsAll,
		Answer: "User", Endpoint: &ofUser,
	},
}
