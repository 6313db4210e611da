package server

// usersEndpoints are the operations of the users service. All of them need an
// API key: in Appwrite a guest can make and end sessions of any user by it
// (contract sections 7 and 12.3).
var usersEndpoints = map[string]endpoint{
	"users.create":                  byKey("POST /users", scopeUsersWrite, (*call).createUser),
	"users.list":                    byKey("GET /users", scopeUsersRead, (*call).listUsers),
	"users.get":                     byKey("GET /users/{userId}", scopeUsersRead, (*call).getUser),
	"users.delete":                  byKey("DELETE /users/{userId}", scopeUsersWrite, (*call).deleteUser),
	"users.updateStatus":            byKey("PATCH /users/{userId}/status", scopeUsersWrite, (*call).updateUserStatus),
	"users.updateName":              byKey("PATCH /users/{userId}/name", scopeUsersWrite, (*call).updateUserName),
	"users.updateEmail":             byKey("PATCH /users/{userId}/email", scopeUsersWrite, (*call).updateUserEmail),
	"users.updatePhone":             byKey("PATCH /users/{userId}/phone", scopeUsersWrite, (*call).updateUserPhone),
	"users.updatePassword":          byKey("PATCH /users/{userId}/password", scopeUsersWrite, (*call).updateUserPassword),
	"users.updateLabels":            byKey("PUT /users/{userId}/labels", scopeUsersWrite, (*call).updateUserLabels),
	"users.getPrefs":                byKey("GET /users/{userId}/prefs", scopeUsersRead, (*call).getUserPrefs),
	"users.updatePrefs":             byKey("PATCH /users/{userId}/prefs", scopeUsersWrite, (*call).updateUserPrefs),
	"users.updateEmailVerification": byKey("PATCH /users/{userId}/verification", scopeUsersWrite, (*call).updateUserEmailVerification),
	"users.updatePhoneVerification": byKey("PATCH /users/{userId}/verification/phone", scopeUsersWrite, (*call).updateUserPhoneVerification),
	"users.createJWT":               byKey("POST /users/{userId}/jwts", scopeUsersWrite, (*call).createUserJWT),
	"users.createToken":             byKey("POST /users/{userId}/tokens", scopeUsersWrite, (*call).createUserToken),
	"users.createSession":           byKey("POST /users/{userId}/sessions", scopeUserSignsIn, (*call).createUserSession),
	"users.listSessions":            byKey("GET /users/{userId}/sessions", scopeUserSessions, (*call).listUserSessions),
	"users.deleteSession":           byKey("DELETE /users/{userId}/sessions/{sessionId}", scopeUserSignsIn, (*call).deleteUserSession),
	"users.deleteSessions":          byKey("DELETE /users/{userId}/sessions", scopeUserSignsIn, (*call).deleteUserSessions),
}

// byKey is an endpoint for callers with an API key.
func byKey(pattern string, scope scopes, handle func(*call) error) endpoint {
	return endpoint{pattern: pattern, scope: scope, keyOnly: true, handle: handle}
}
