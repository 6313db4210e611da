package operations

// What the operations of the users service ask of a caller: an API key. In
// Appwrite a guest can make and end sessions of any user by them (contract
// sections 7 and 12.3).
var (
	readsUsers    = Endpoint{Scopes: []string{"users.read"}, KeyOnly: true}
	writesUsers   = Endpoint{Scopes: []string{"users.write"}, KeyOnly: true}
	readsSessions = Endpoint{Scopes: []string{"users.read", "sessions.read"}, KeyOnly: true}
	signsUsersIn  = Endpoint{Scopes: []string{"users.write", "sessions.write"}, KeyOnly: true}
)

// users are the operations of the users service.
var users = []Operation{
	{
		Name: "users.list", Pattern: "GET /users", Only: Server, Returns: "UserList<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}},
		Answer: "UserList", Endpoint: &readsUsers,
	},
	{
		Name: "users.get", Pattern: "GET /users/{userId}", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}},
		Answer: "User", Endpoint: &readsUsers,
	},
	{
		Name: "users.getPrefs", Pattern: "GET /users/{userId}/prefs", Only: Server, Returns: "Preferences", Lanes: byKey,
		Params: []Param{{Name: "userId"}},
		Answer: "Preferences", Endpoint: &readsUsers,
	},
	{
		Name: "users.listSessions", Pattern: "GET /users/{userId}/sessions", Only: Server, Returns: "SessionList", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "total", Type: Bool, Optional: true}},
		Answer: "SessionList", Endpoint: &readsSessions,
	},
	{
		Name: "users.create", Pattern: "POST /users", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "email", Optional: true}, {Name: "phone", Optional: true}, {Name: "password", Optional: true}, {Name: "name", Optional: true}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.delete", Pattern: "DELETE /users/{userId}", Only: Server, Accept: NoAccept, Lanes: byKey,
		Params: []Param{{Name: "userId"}},
		Answer: "None", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateStatus", Pattern: "PATCH /users/{userId}/status", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "status", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateName", Pattern: "PATCH /users/{userId}/name", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "name"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateEmail", Pattern: "PATCH /users/{userId}/email", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "email"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePhone", Pattern: "PATCH /users/{userId}/phone", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "number"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePassword", Pattern: "PATCH /users/{userId}/password", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "password"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateLabels", Pattern: "PUT /users/{userId}/labels", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "labels", Type: Strings}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePrefs", Pattern: "PATCH /users/{userId}/prefs", Only: Server, Returns: "Preferences", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "prefs", Type: Prefs}},
		Answer: "Preferences", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateEmailVerification", Pattern: "PATCH /users/{userId}/verification", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "emailVerification", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePhoneVerification", Pattern: "PATCH /users/{userId}/verification/phone", Only: Server, Returns: "User<Preferences>", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "phoneVerification", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.createJWT", Pattern: "POST /users/{userId}/jwts", Only: Server, Returns: "Jwt", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "sessionId", Optional: true}, {Name: "duration", Type: Int, Optional: true}},
		Answer: "Jwt", Endpoint: &writesUsers,
	},
	{
		Name: "users.createToken", Pattern: "POST /users/{userId}/tokens", Only: Server, Returns: "Token", Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "length", Type: Int, Optional: true}, {Name: "expire", Type: Int, Optional: true}},
		Answer: "Token", Note: "The length is in characters, the expiry in seconds.", Endpoint: &writesUsers,
	},
	{
		Name: "users.createSession", Pattern: "POST /users/{userId}/sessions", Only: Server, Returns: "Session", Lanes: byKey,
		Params: []Param{{Name: "userId"}},
		Answer: "Session", Endpoint: &signsUsersIn,
	},
	{
		Name: "users.deleteSession", Pattern: "DELETE /users/{userId}/sessions/{sessionId}", Only: Server, Accept: NoAccept, Lanes: byKey,
		Params: []Param{{Name: "userId"}, {Name: "sessionId"}},
		Answer: "None", Endpoint: &signsUsersIn,
	},
	{
		Name: "users.deleteSessions", Pattern: "DELETE /users/{userId}/sessions", Only: Server, Accept: NoAccept, Lanes: byKey,
		Params: []Param{{Name: "userId"}},
		Answer: "None", Endpoint: &signsUsersIn,
	},
	{Name: "users.createArgon2User", Pattern: "POST /users/argon2", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.createBcryptUser", Pattern: "POST /users/bcrypt", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.listIdentities", Pattern: "GET /users/identities", Only: Server, Lanes: byKey, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "IdentityList", Answer: "IdentityList", Endpoint: &readsUsers},
	{Name: "users.deleteIdentity", Pattern: "DELETE /users/identities/{identityId}", Only: Server, Lanes: byKey, Params: []Param{{Name: "identityId"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesUsers},
	{Name: "users.createMD5User", Pattern: "POST /users/md5", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.createPHPassUser", Pattern: "POST /users/phpass", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.createScryptUser", Pattern: "POST /users/scrypt", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "passwordSalt"}, {Name: "passwordCpu", Type: Int}, {Name: "passwordMemory", Type: Int}, {Name: "passwordParallel", Type: Int}, {Name: "passwordLength", Type: Int}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.createScryptModifiedUser", Pattern: "POST /users/scrypt-modified", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "passwordSalt"}, {Name: "passwordSaltSeparator"}, {Name: "passwordSignerKey"}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.createSHAUser", Pattern: "POST /users/sha", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "email"}, {Name: "password"}, {Name: "passwordVersion", Type: "PasswordHash", Optional: true}, {Name: "name", Optional: true}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.updateImpersonator", Pattern: "PATCH /users/{userId}/impersonator", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "impersonator", Type: Bool}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.listLogs", Pattern: "GET /users/{userId}/logs", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "LogList"},
	{Name: "users.listMemberships", Pattern: "GET /users/{userId}/memberships", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "MembershipList", Answer: "MembershipList", Endpoint: &readsUsers},
	{Name: "users.updateMfa", Pattern: "PATCH /users/{userId}/mfa", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}, {Name: "mfa", Type: Bool}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.updateMFA", Pattern: "PATCH /users/{userId}/mfa", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "mfa", Type: Bool}}, Returns: "User<Preferences>", Answer: "User", Endpoint: &writesUsers},
	{Name: "users.deleteMfaAuthenticator", Pattern: "DELETE /users/{userId}/mfa/authenticators/{type}", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}, {Name: "type", Type: "AuthenticatorType"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesUsers},
	{Name: "users.deleteMFAAuthenticator", Pattern: "DELETE /users/{userId}/mfa/authenticators/{type}", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "type", Type: "AuthenticatorType"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesUsers},
	{Name: "users.listMfaFactors", Pattern: "GET /users/{userId}/mfa/factors", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}}, Returns: "MfaFactors", Answer: "MfaFactors", Endpoint: &readsUsers},
	{Name: "users.listMFAFactors", Pattern: "GET /users/{userId}/mfa/factors", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}}, Returns: "MfaFactors", Answer: "MfaFactors", Endpoint: &readsUsers},
	{Name: "users.getMfaRecoveryCodes", Pattern: "GET /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &readsUsers},
	{Name: "users.getMFARecoveryCodes", Pattern: "GET /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &readsUsers},
	{Name: "users.updateMfaRecoveryCodes", Pattern: "PUT /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &writesUsers},
	{Name: "users.updateMFARecoveryCodes", Pattern: "PUT /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &writesUsers},
	{Name: "users.createMfaRecoveryCodes", Pattern: "PATCH /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Deprecated: true, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &writesUsers},
	{Name: "users.createMFARecoveryCodes", Pattern: "PATCH /users/{userId}/mfa/recovery-codes", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}}, Returns: "MfaRecoveryCodes", Answer: "MfaRecoveryCodes", Endpoint: &writesUsers},
	{Name: "users.listTargets", Pattern: "GET /users/{userId}/targets", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "TargetList", Answer: "TargetList", Endpoint: &readsUsers},
	{Name: "users.createTarget", Pattern: "POST /users/{userId}/targets", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "targetId"}, {Name: "providerType", Type: "MessagingProviderType"}, {Name: "identifier"}, {Name: "providerId", Optional: true}, {Name: "name", Optional: true}}, Returns: "Target", Answer: "Target", Endpoint: &writesUsers},
	{Name: "users.getTarget", Pattern: "GET /users/{userId}/targets/{targetId}", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "targetId"}}, Returns: "Target", Answer: "Target", Endpoint: &readsUsers},
	{Name: "users.updateTarget", Pattern: "PATCH /users/{userId}/targets/{targetId}", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "targetId"}, {Name: "identifier", Optional: true}, {Name: "providerId", Optional: true}, {Name: "name", Optional: true}}, Returns: "Target", Answer: "Target", Endpoint: &writesUsers},
	{Name: "users.deleteTarget", Pattern: "DELETE /users/{userId}/targets/{targetId}", Only: Server, Lanes: byKey, Params: []Param{{Name: "userId"}, {Name: "targetId"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesUsers},
}
