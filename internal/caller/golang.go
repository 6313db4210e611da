//go:build !javascript

package caller

// What the caller has, in Go.
const (
	SetProject    = "NewClient's project"
	SetJWT        = "WithJWT"
	SetSession    = "WithSession"
	SetKey        = "WithKey"
	SetLocale     = "WithLocale"
	SetStorage    = "WithStorage"
	SetFormat     = "WithResponseFormat"
	SetHeader     = "WithHeader"
	UseKey        = "set it with WithKey, on servers only"
	MakeJWT       = "CreateJWT or TokenSource"
	CreatedJWT    = "JWT of CreateJWT's answer"
	TokenSource   = "a TokenSource"
	Tokens        = "token source"
	SessionSecret = "Session.Secret"
	RetryAfter    = "RetryAfter"
)
