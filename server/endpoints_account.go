package server

// accountEndpoints are the operations of the account service (contract
// section 9), with their limits (section 6).
var accountEndpoints = map[string]endpoint{
	"account.create": {scope: scopeSessionWrite, limit: limitCaller, method: MethodEmailPassword, handle: (*call).createAccount},
	"account.get":    {scope: scopeAccount, handle: (*call).getAccount},
	"account.delete": {scope: scopeAccount, handle: (*call).deleteAccount},

	"account.createEmailPasswordSession": {scope: scopeSessionWrite, limit: limitEmail, method: MethodEmailPassword, signIn: true,
		handle: (*call).createEmailSession, aliases: []string{"POST /account/sessions"}},
	"account.createAnonymousSession": {scope: scopeSessionWrite, limit: limitAnonymous, method: MethodAnonymous, signIn: true,
		handle: (*call).createAnonymousSession},
	// A one-time token is taken on the paths of the other kinds of tokens too
	// (contract section 13.13).
	"account.createSession": {scope: scopeSessionWrite, limit: limitToken, signIn: true, handle: (*call).createTokenSession,
		aliases: []string{"PUT /account/sessions/magic-url", "PUT /account/sessions/phone"}},

	"account.listSessions":   {scope: scopeAccount, handle: (*call).listSessions},
	"account.deleteSessions": {scope: scopeAccount, limit: limitSignOut, handle: (*call).deleteSessions},
	"account.getSession":     {scope: scopeAccount, handle: (*call).getSession},
	"account.updateSession":  {scope: scopeAccount, limit: limitUser, handle: (*call).updateSession},
	"account.deleteSession":  {scope: scopeAccount, limit: limitSignOut, handle: (*call).deleteSession},

	"account.createJWT": {scope: scopeAccount, limit: limitJWTs, method: MethodJWT, handle: (*call).createJWT,
		aliases: []string{"POST /account/jwt"}},

	"account.getPrefs":       {scope: scopeAccount, handle: (*call).getPrefs},
	"account.updatePrefs":    {scope: scopeAccount, handle: (*call).updatePrefs},
	"account.updateName":     {scope: scopeAccount, handle: (*call).updateName},
	"account.updateEmail":    {scope: scopeAccount, handle: (*call).updateEmail},
	"account.updatePassword": {scope: scopeAccount, limit: limitUser, handle: (*call).updatePassword},
	"account.updateStatus":   {scope: scopeAccount, handle: (*call).updateStatus},
}
