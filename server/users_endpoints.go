package server

// usersHandlers answer the operations of the users service.
var usersHandlers = handlers{
	"users.create":                  (*call).createUser,
	"users.list":                    (*call).listUsers,
	"users.get":                     (*call).getUser,
	"users.delete":                  (*call).deleteUser,
	"users.updateStatus":            (*call).updateUserStatus,
	"users.updateName":              (*call).updateUserName,
	"users.updateEmail":             (*call).updateUserEmail,
	"users.updatePhone":             (*call).updateUserPhone,
	"users.updatePassword":          (*call).updateUserPassword,
	"users.updateLabels":            (*call).updateUserLabels,
	"users.getPrefs":                (*call).getUserPrefs,
	"users.updatePrefs":             (*call).updateUserPrefs,
	"users.updateEmailVerification": (*call).updateUserEmailVerification,
	"users.updatePhoneVerification": (*call).updateUserPhoneVerification,
	"users.createJWT":               (*call).createUserJWT,
	"users.createToken":             (*call).createUserToken,
	"users.createSession":           (*call).createUserSession,
	"users.listSessions":            (*call).listUserSessions,
	"users.deleteSession":           (*call).deleteUserSession,
	"users.deleteSessions":          (*call).deleteUserSessions,
}
