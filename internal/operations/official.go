package operations

import "slices"

// officialAccount are the methods of the official web SDK's class Account, with
// those that it keeps under older names.
var officialAccount = []string{
	"get", "create", "listConsents", "getConsent", "deleteConsent", "listConsentTokens", "getConsentToken",
	"deleteConsentToken", "updateEmail", "listIdentities", "deleteIdentity", "createJWT", "updateMFA",
	"createMfaAuthenticator", "createMFAAuthenticator", "updateMfaAuthenticator", "updateMFAAuthenticator",
	"deleteMfaAuthenticator", "deleteMFAAuthenticator", "createMfaChallenge", "createMFAChallenge", "updateMfaChallenge",
	"updateMFAChallenge", "listMfaFactors", "listMFAFactors", "getMfaRecoveryCodes", "getMFARecoveryCodes",
	"createMfaRecoveryCodes", "createMFARecoveryCodes", "updateMfaRecoveryCodes", "updateMFARecoveryCodes", "updateName",
	"updatePassword", "updatePhone", "getPrefs", "updatePrefs", "createRecovery", "updateRecovery", "createRecoveryOTP",
	"updateRecoveryOTP", "listSessions", "deleteSessions", "createAnonymousSession", "createEmailPasswordSession",
	"createIdTokenSession", "updateMagicURLSession", "createOAuth2Session", "updatePhoneSession", "createSession",
	"getSession", "updateSession", "deleteSession", "updateStatus", "createPushTarget", "updatePushTarget",
	"deletePushTarget", "createEmailToken", "createMagicURLToken", "createOAuth2Token", "createPhoneToken",
	"createEmailVerification", "createVerification", "updateEmailVerification", "updateVerification",
	"createEmailVerificationOTP", "updateEmailVerificationOTP", "createPhoneVerification", "updatePhoneVerification",
}

// Missing are the methods of the official web SDK's class Account that are no
// operations of clients here.
func Missing() []string {
	return slices.DeleteFunc(slices.Clone(officialAccount), func(method string) bool {
		return slices.ContainsFunc(account, func(o Operation) bool { return o.Method() == method && Carried(o) })
	})
}

// Carried reports whether the clients perform the operation already.
func Carried(o Operation) bool {
	switch {
	case len(o.Lanes) == 0:
		return false
	case o.Service() == "account":
		return o.Endpoint != nil
	}
	return slices.Contains([]string{"graphql", "locale", ""}, o.Service()) || o.Service() == "functions" && o.Endpoint != nil && o.Only == Both
}
