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
		Name: "users.list", Pattern: "GET /users",
		Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}},
		Answer: "UserList", Endpoint: &readsUsers,
	},
	{
		Name: "users.get", Pattern: "GET /users/{userId}",
		Params: []Param{{Name: "userId"}},
		Answer: "User", Endpoint: &readsUsers,
	},
	{
		Name: "users.getPrefs", Pattern: "GET /users/{userId}/prefs",
		Params: []Param{{Name: "userId"}},
		Answer: "Preferences", Endpoint: &readsUsers,
	},
	{
		Name: "users.listSessions", Pattern: "GET /users/{userId}/sessions",
		Params: []Param{{Name: "userId"}, {Name: "total", Type: Bool, Optional: true}},
		Answer: "SessionList", Endpoint: &readsSessions,
	},
	{
		Name: "users.create", Pattern: "POST /users",
		Params: []Param{{Name: "userId"}, {Name: "email", Optional: true}, {Name: "phone", Optional: true}, {Name: "password", Optional: true}, {Name: "name", Optional: true}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.delete", Pattern: "DELETE /users/{userId}",
		Params: []Param{{Name: "userId"}},
		Answer: "None", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateStatus", Pattern: "PATCH /users/{userId}/status",
		Params: []Param{{Name: "userId"}, {Name: "status", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateName", Pattern: "PATCH /users/{userId}/name",
		Params: []Param{{Name: "userId"}, {Name: "name"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateEmail", Pattern: "PATCH /users/{userId}/email",
		Params: []Param{{Name: "userId"}, {Name: "email"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePhone", Pattern: "PATCH /users/{userId}/phone",
		Params: []Param{{Name: "userId"}, {Name: "number"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePassword", Pattern: "PATCH /users/{userId}/password",
		Params: []Param{{Name: "userId"}, {Name: "password"}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateLabels", Pattern: "PUT /users/{userId}/labels",
		Params: []Param{{Name: "userId"}, {Name: "labels", Type: Strings}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePrefs", Pattern: "PATCH /users/{userId}/prefs",
		Params: []Param{{Name: "userId"}, {Name: "prefs", Type: Object}},
		Answer: "Preferences", Endpoint: &writesUsers,
	},
	{
		Name: "users.updateEmailVerification", Pattern: "PATCH /users/{userId}/verification",
		Params: []Param{{Name: "userId"}, {Name: "emailVerification", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.updatePhoneVerification", Pattern: "PATCH /users/{userId}/verification/phone",
		Params: []Param{{Name: "userId"}, {Name: "phoneVerification", Type: Bool}},
		Answer: "User", Endpoint: &writesUsers,
	},
	{
		Name: "users.createJWT", Pattern: "POST /users/{userId}/jwts",
		Params: []Param{{Name: "userId"}, {Name: "sessionId", Optional: true}, {Name: "duration", Type: Int, Optional: true}},
		Answer: "Jwt", Endpoint: &writesUsers,
	},
	{
		Name: "users.createToken", Pattern: "POST /users/{userId}/tokens",
		Params: []Param{{Name: "userId"}, {Name: "length", Type: Int, Optional: true}, {Name: "expire", Type: Int, Optional: true}},
		Answer: "Token", Note: "The length is in characters, the expiry in seconds.", Endpoint: &writesUsers,
	},
	{
		Name: "users.createSession", Pattern: "POST /users/{userId}/sessions",
		Params: []Param{{Name: "userId"}},
		Answer: "Session", Endpoint: &signsUsersIn,
	},
	{
		Name: "users.deleteSession", Pattern: "DELETE /users/{userId}/sessions/{sessionId}",
		Params: []Param{{Name: "userId"}, {Name: "sessionId"}},
		Answer: "None", Endpoint: &signsUsersIn,
	},
	{
		Name: "users.deleteSessions", Pattern: "DELETE /users/{userId}/sessions",
		Params: []Param{{Name: "userId"}},
		Answer: "None", Endpoint: &signsUsersIn,
	},
}
