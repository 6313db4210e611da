package operations

var (
	accountScope = []string{"account"}
	signInScope  = []string{"sessions.write"}
	targetScope  = []string{"targets.write"}
	publicScope  = []string{"public"} // which everybody has but servers with a key
)

// ofUser is what most operations of the account service ask of a caller.
var ofUser = Endpoint{Scopes: accountScope}

// account are the operations of the account service (contract section 9), with
// their limits (section 6).
var account = []Operation{
	{
		Name: "account.get", Pattern: "GET /account", Returns: "User<Preferences>", Lanes: anyUser,
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.getPrefs", Pattern: "GET /account/prefs", Returns: "Preferences", Lanes: anyUser,
		Answer: "Preferences", Endpoint: &ofUser,
	},
	{
		Name: "account.listSessions", Pattern: "GET /account/sessions", Returns: "SessionList", Lanes: anyUser,
		Answer: "SessionList", Endpoint: &Endpoint{Scopes: accountScope, Own: true},
	},
	{
		Name: "account.getSession", Pattern: "GET /account/sessions/{sessionId}", Returns: "Session", Lanes: anyUser,
		Params: []Param{{Name: "sessionId"}},
		Answer: "Session", Note: "The id current is the session that the request presents.", Endpoint: &Endpoint{Scopes: accountScope, Own: true},
	},
	{
		Name: "account.create", Pattern: "POST /account", Returns: "User<Preferences>", Lanes: byServer,
		Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}},
		Answer: "User", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitCaller, Method: EmailPassword},
	},
	{
		Name: "account.delete", Pattern: "DELETE /account", Only: Neither, Lanes: anyUser, Effect: EndsAll,
		Answer: "None", Endpoint: &ofUser,
	},
	{
		Name: "account.createEmailPasswordSession", Pattern: "POST /account/sessions/email", Returns: "Session", Lanes: signIn, Effect: SignsIn,
		Aliases: []string{"POST /account/sessions"},
		Params:  []Param{{Name: "email"}, {Name: "password"}},
		Answer:  "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitEmail, Method: EmailPassword, SignedOut: true},
	},
	{
		Name: "account.createAnonymousSession", Pattern: "POST /account/sessions/anonymous", Returns: "Session", Lanes: signIn, Effect: SignsIn,
		Answer: "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitAnonymous, Method: Anonymous, SignedOut: true},
	},
	{
		Name: "account.createSession", Pattern: "POST /account/sessions/token", Returns: "Session", Lanes: signIn, Effect: SignsIn,
		Params: []Param{{Name: "userId"}, {Name: "secret"}},
		Answer: "Session", Note: "Trades a one-time token for a session.",
		Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitToken, SignedOut: true},
	},
	{
		Name: "account.deleteSessions", Pattern: "DELETE /account/sessions", Accept: NoAccept, Lanes: signOut, Effect: EndsAll,
		Answer: "None", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitSignOut, Own: true},
	},
	{
		Name: "account.updateSession", Pattern: "PATCH /account/sessions/{sessionId}", Returns: "Session", Lanes: anyUser,
		Params: []Param{{Name: "sessionId"}},
		Answer: "Session", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitUser},
	},
	{
		Name: "account.deleteSession", Pattern: "DELETE /account/sessions/{sessionId}", Accept: NoAccept, Lanes: anyUser, Effect: EndsSession,
		Params: []Param{{Name: "sessionId"}},
		Answer: "None", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitSignOut, OneFactor: true, Own: true},
	},
	{
		Name: "account.createJWT", Pattern: "POST /account/jwts", Returns: "Jwt", Lanes: session,
		Aliases: []string{"POST /account/jwt"},
		Params:  []Param{{Name: "duration", Type: Int, Optional: true}},
		Answer:  "Jwt", Note: "The duration is in seconds, 1 to 3600; 900 unless given.",
		Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitJWTs, Method: ByJWT, Own: true},
	},
	{
		Name: "account.updatePrefs", Pattern: "PATCH /account/prefs", Returns: "User<Preferences>", Lanes: anyUser,
		Params: []Param{{Name: "prefs", Type: Prefs}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updateName", Pattern: "PATCH /account/name", Returns: "User<Preferences>", Lanes: anyUser,
		Params: []Param{{Name: "name"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updateEmail", Pattern: "PATCH /account/email", Returns: "User<Preferences>", Lanes: anyUser,
		Params: []Param{{Name: "email"}, {Name: "password"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updatePhone", Pattern: "PATCH /account/phone", Returns: "User<Preferences>", Lanes: anyUser,
		Params: []Param{{Name: "phone"}, {Name: "password"}},
		Answer: "User", Endpoint: &ofUser,
	},
	{
		Name: "account.updatePassword", Pattern: "PATCH /account/password", Returns: "User<Preferences>", Lanes: anyUser,
		Params: []Param{{Name: "password"}, {Name: "oldPassword", Optional: true}},
		Answer: "User", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitUser},
	},
	{
		Name: "account.updateStatus", Pattern: "PATCH /account/status", Returns: "User<Preferences>", Lanes: signOut, Effect: EndsAll,
		Answer: "User", Endpoint: &ofUser,
	},
	{Name: "account.listConsents", Pattern: "GET /account/consents", Lanes: anyUser, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "Oauth2ConsentList"},
	{Name: "account.getConsent", Pattern: "GET /account/consents/{consentId}", Lanes: anyUser, Params: []Param{{Name: "consentId"}}, Returns: "Oauth2Consent"},
	{Name: "account.deleteConsent", Pattern: "DELETE /account/consents/{consentId}", Lanes: anyUser, Params: []Param{{Name: "consentId"}}},
	{Name: "account.listConsentTokens", Pattern: "GET /account/consents/{consentId}/tokens", Lanes: anyUser, Params: []Param{{Name: "consentId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "Oauth2ConsentTokenList"},
	{Name: "account.getConsentToken", Pattern: "GET /account/consents/{consentId}/tokens/{tokenId}", Lanes: anyUser, Params: []Param{{Name: "consentId"}, {Name: "tokenId"}}, Returns: "Oauth2ConsentToken"},
	{Name: "account.deleteConsentToken", Pattern: "DELETE /account/consents/{consentId}/tokens/{tokenId}", Lanes: anyUser, Params: []Param{{Name: "consentId"}, {Name: "tokenId"}}},
	{Name: "account.listIdentities", Pattern: "GET /account/identities", Lanes: anyUser, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "IdentityList", Answer: "IdentityList", Endpoint: &ofUser},
	{Name: "account.deleteIdentity", Pattern: "DELETE /account/identities/{identityId}", Lanes: anyUser, Params: []Param{{Name: "identityId"}}, Accept: NoAccept, Answer: "None", Endpoint: &ofUser},
	{Name: "account.updateMFA", Pattern: "PATCH /account/mfa", Lanes: anyUser, Params: []Param{{Name: "mfa", Type: Bool}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &ofUser},
	{Name: "account.createMfaAuthenticator", Pattern: "POST /account/mfa/authenticators/{type}", Lanes: anyUser, Deprecated: true, Params: []Param{{Name: "type", Type: "AuthenticatorType"}}, Returns: "MfaType", Answer: "MfaType", Endpoint: &ofUser},
	{Name: "account.createMFAAuthenticator", Pattern: "POST /account/mfa/authenticators/{type}", Lanes: anyUser, Params: []Param{{Name: "type", Type: "AuthenticatorType"}}, Returns: "MfaType", Answer: "MfaType", Endpoint: &ofUser},
	{Name: "account.updateMfaAuthenticator", Pattern: "PUT /account/mfa/authenticators/{type}", Lanes: anyUser, Deprecated: true, Params: []Param{{Name: "type", Type: "AuthenticatorType"}, {Name: "otp"}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &ofUser},
	{Name: "account.updateMFAAuthenticator", Pattern: "PUT /account/mfa/authenticators/{type}", Lanes: anyUser, Params: []Param{{Name: "type", Type: "AuthenticatorType"}, {Name: "otp"}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &ofUser},
	{Name: "account.deleteMfaAuthenticator", Pattern: "DELETE /account/mfa/authenticators/{type}", Lanes: anyUser, Deprecated: true, Params: []Param{{Name: "type", Type: "AuthenticatorType"}}, Accept: NoAccept, Answer: "None", Endpoint: &ofUser},
	{Name: "account.deleteMFAAuthenticator", Pattern: "DELETE /account/mfa/authenticators/{type}", Lanes: anyUser, Params: []Param{{Name: "type", Type: "AuthenticatorType"}}, Accept: NoAccept, Answer: "None", Endpoint: &ofUser},
	{Name: "account.createMfaChallenge", Pattern: "POST /account/mfa/challenges", Lanes: sessionFirst, Deprecated: true, Params: []Param{{Name: "factor", Type: "AuthenticationFactor"}}, Returns: "MfaChallenge", Answer: "MfaChallenge", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitChallenge, OneFactor: true}},
	{Name: "account.createMFAChallenge", Pattern: "POST /account/mfa/challenges", Aliases: []string{"POST /account/mfa/challenge"}, Lanes: sessionFirst, Params: []Param{{Name: "factor", Type: "AuthenticationFactor"}}, Returns: "MfaChallenge", Answer: "MfaChallenge", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitChallenge, OneFactor: true}},
	{Name: "account.updateMfaChallenge", Pattern: "PUT /account/mfa/challenges", Lanes: sessionFirst, Deprecated: true, Params: []Param{{Name: "challengeId"}, {Name: "otp"}}, Returns: "Session", Answer: "Session", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitChallengeCode, OneFactor: true}},
	{Name: "account.updateMFAChallenge", Pattern: "PUT /account/mfa/challenges", Aliases: []string{"PUT /account/mfa/challenge"}, Lanes: sessionFirst, Params: []Param{{Name: "challengeId"}, {Name: "otp"}}, Returns: "Session", Answer: "Session", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitChallengeCode, OneFactor: true}},
	{Name: "account.listMfaFactors", Pattern: "GET /account/mfa/factors", Lanes: anyUser, Deprecated: true, Returns: "MfaFactors", Answer: "MfaFactors", Endpoint: &Endpoint{Scopes: accountScope, OneFactor: true}},
	{Name: "account.listMFAFactors", Pattern: "GET /account/mfa/factors", Lanes: anyUser, Returns: "MfaFactors", Answer: "MfaFactors", Endpoint: &Endpoint{Scopes: accountScope, OneFactor: true}},
	{Name: "account.getMfaRecoveryCodes", Pattern: "GET /account/mfa/recovery-codes", Lanes: anyUser, Deprecated: true, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &Endpoint{Scopes: accountScope, Own: true}},
	{Name: "account.getMFARecoveryCodes", Pattern: "GET /account/mfa/recovery-codes", Lanes: anyUser, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &Endpoint{Scopes: accountScope, Own: true}},
	{Name: "account.createMfaRecoveryCodes", Pattern: "POST /account/mfa/recovery-codes", Lanes: anyUser, Deprecated: true, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &ofUser},
	{Name: "account.createMFARecoveryCodes", Pattern: "POST /account/mfa/recovery-codes", Lanes: anyUser, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &ofUser},
	{Name: "account.updateMfaRecoveryCodes", Pattern: "PATCH /account/mfa/recovery-codes", Lanes: anyUser, Deprecated: true, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &ofUser},
	{Name: "account.updateMFARecoveryCodes", Pattern: "PATCH /account/mfa/recovery-codes", Lanes: anyUser, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &ofUser},
	{Name: "account.createRecovery", Pattern: "POST /account/recovery", Lanes: byServer, Params: []Param{{Name: "email"}, {Name: "url"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitRecovery}},
	{Name: "account.updateRecovery", Pattern: "PUT /account/recovery", Lanes: byServer, Params: []Param{{Name: "userId"}, {Name: "secret"}, {Name: "password"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitRecoverySecret}},
	{Name: "account.createRecoveryOTP", Pattern: "POST /account/recovery/otp", Only: Page, Lanes: byServer, Params: []Param{{Name: "email"}, {Name: "phrase", Type: Bool, Optional: true}}, Returns: "Token"},
	{Name: "account.updateRecoveryOTP", Pattern: "PUT /account/recovery/otp", Only: Page, Lanes: byServer, Params: []Param{{Name: "userId"}, {Name: "secret"}, {Name: "password"}}, Returns: "Token"},
	{Name: "account.createIdTokenSession", Pattern: "POST /account/sessions/id-token", Only: Page, Lanes: signIn, Effect: SignsIn, Params: []Param{{Name: "provider", Type: "IdTokenProvider"}, {Name: "idToken"}, {Name: "nonce", Optional: true}, {Name: "accessToken", Optional: true}, {Name: "accessTokenExpiry", Type: Int, Optional: true}, {Name: "name", Optional: true}}, Returns: "Session"},
	{Name: "account.updateMagicURLSession", Pattern: "PUT /account/sessions/magic-url", Lanes: signIn, Effect: SignsIn, Deprecated: true, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Session", Answer: "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitToken, SignedOut: true}},
	{Name: "account.createOAuth2Session", Pattern: "GET /account/sessions/oauth2/{provider}", Kind: Redirect, Only: Page, Lanes: nobody, Params: []Param{{Name: "provider", Type: "OAuthProvider"}, {Name: "success", Optional: true}, {Name: "failure", Optional: true}, {Name: "scopes", Type: Strings, Optional: true}}, Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitAnonymous}},
	{Name: "account.updatePhoneSession", Pattern: "PUT /account/sessions/phone", Lanes: signIn, Effect: SignsIn, Deprecated: true, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Session", Answer: "Session", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitPhoneCode, SignedOut: true}},
	{Name: "account.createPushTarget", Pattern: "POST /account/targets/push", Only: Page, Lanes: anyUser, Params: []Param{{Name: "targetId"}, {Name: "identifier"}, {Name: "providerId", Optional: true}}, Returns: "Target", Answer: "Target", Endpoint: &Endpoint{Scopes: targetScope}},
	{Name: "account.updatePushTarget", Pattern: "PUT /account/targets/{targetId}/push", Only: Page, Lanes: anyUser, Params: []Param{{Name: "targetId"}, {Name: "identifier"}}, Returns: "Target", Answer: "Target", Endpoint: &Endpoint{Scopes: targetScope}},
	{Name: "account.deletePushTarget", Pattern: "DELETE /account/targets/{targetId}/push", Only: Page, Lanes: anyUser, Params: []Param{{Name: "targetId"}}, Answer: "None", Endpoint: &Endpoint{Scopes: targetScope}},
	{Name: "account.createEmailToken", Pattern: "POST /account/tokens/email", Lanes: byServer, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "phrase", Type: Bool, Optional: true}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitEmailToken, Method: EmailOTP}},
	{Name: "account.createMagicURLToken", Pattern: "POST /account/tokens/magic-url", Aliases: []string{"POST /account/sessions/magic-url"}, Lanes: byServer, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "url", Optional: true}, {Name: "phrase", Type: Bool, Optional: true}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitMagicURL, Method: MagicURL}},
	{Name: "account.createOAuth2Token", Pattern: "GET /account/tokens/oauth2/{provider}", Kind: Redirect, Lanes: nobody, Params: []Param{{Name: "provider", Type: "OAuthProvider"}, {Name: "success", Optional: true}, {Name: "failure", Optional: true}, {Name: "scopes", Type: Strings, Optional: true}}, Accept: "text/html", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitAnonymous}},
	{Name: "account.createPhoneToken", Pattern: "POST /account/tokens/phone", Aliases: []string{"POST /account/sessions/phone"}, Lanes: byServer, Params: []Param{{Name: "userId"}, {Name: "phone"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: signInScope, Limit: LimitPhoneToken, Method: Phone}},
	{Name: "account.createEmailVerification", Pattern: "POST /account/verifications/email", Aliases: []string{"POST /account/verification"}, Lanes: anyUser, Params: []Param{{Name: "url"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitVerification}},
	{Name: "account.createVerification", Pattern: "POST /account/verifications/email", Lanes: anyUser, Deprecated: true, Params: []Param{{Name: "url"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitVerification}},
	{Name: "account.updateEmailVerification", Pattern: "PUT /account/verifications/email", Aliases: []string{"PUT /account/verification"}, Lanes: anyone, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: publicScope, Limit: LimitVerificationSecret}},
	{Name: "account.updateVerification", Pattern: "PUT /account/verifications/email", Lanes: anyone, Deprecated: true, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: publicScope, Limit: LimitVerificationSecret}},
	{Name: "account.createEmailVerificationOTP", Pattern: "POST /account/verifications/email/otp", Only: Page, Lanes: anyUser, Params: []Param{{Name: "phrase", Type: Bool, Optional: true}}, Returns: "Token"},
	{Name: "account.updateEmailVerificationOTP", Pattern: "PUT /account/verifications/email/otp", Only: Page, Lanes: anyone, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Token"},
	{Name: "account.createPhoneVerification", Pattern: "POST /account/verifications/phone", Aliases: []string{"POST /account/verification/phone"}, Lanes: anyUser, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: accountScope, Limit: LimitPhoneVerification, Method: Phone}},
	{Name: "account.updatePhoneVerification", Pattern: "PUT /account/verifications/phone", Aliases: []string{"PUT /account/verification/phone"}, Lanes: anyone, Params: []Param{{Name: "userId"}, {Name: "secret"}}, Returns: "Token", Answer: "Token", Endpoint: &Endpoint{Scopes: publicScope, Limit: LimitPhoneVerificationCode}},
	{Name: "account.listLogs", Pattern: "GET /account/logs", Only: Server, Lanes: anyUser, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "LogList"},
}
