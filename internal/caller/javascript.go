//go:build javascript

package caller

// What the caller has, in JavaScript.
const (
	SetProject    = "setProject()"
	SetJWT        = "setJWT()"
	SetSession    = "setSession()"
	SetKey        = "programs of servers"
	SetLocale     = "setLocale()"
	SetStorage    = "new Client({ storage })"
	SetHeader     = "headers"
	UseKey        = "leave it to a server's program that has one"
	MakeJWT       = "createJWT() or getToken()"
	CreatedJWT    = "jwt of createJWT()'s answer"
	TokenSource   = "getToken()"
	Tokens        = "client"
	SessionSecret = "the session's secret"
	RetryAfter    = "retryAfter"
)
