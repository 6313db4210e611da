//go:build javascript

package caller

// What the caller has, in JavaScript.
const (
	SetProject    = "setProject()"
	SetJWT        = "setJWT()"
	SetSession    = "setSession()"
	SetKey        = "setKey()"
	SetLocale     = "setLocale()"
	SetStorage    = "new Client({ storage })"
	SetFormat     = "nothing, it is fixed"
	SetHeader     = "headers"
	UseKey        = "set it with setKey(), on servers only"
	MakeJWT       = "createJWT() or getToken()"
	CreatedJWT    = "jwt of createJWT()'s answer"
	TokenSource   = "getToken()"
	Tokens        = "client"
	SessionSecret = "the session's secret"
	RetryAfter    = "retryAfter"
)
