package server

// accountHandlers answer the operations of the account service (contract
// section 9), with those that change it (accountUpdateHandlers).
var accountHandlers = handlers{
	"account.create":                     (*call).createAccount,
	"account.get":                        (*call).getAccount,
	"account.delete":                     (*call).deleteAccount,
	"account.createEmailPasswordSession": (*call).createEmailSession,
	"account.createAnonymousSession":     (*call).createAnonymousSession,
	"account.createSession":              (*call).createTokenSession,
	"account.listSessions":               (*call).listSessions,
	"account.deleteSessions":             (*call).deleteSessions,
	"account.getSession":                 (*call).getSession,
	"account.updateSession":              (*call).updateSession,
	"account.deleteSession":              (*call).deleteSession,
	"account.createJWT":                  (*call).createJWT,
}
