package server

import (
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// unbuilt answers operations that the table has and this server does not yet.
func (c *call) unbuilt() error { return wire.Fail(isojot.ErrRouteNotFound) }

var mfaHandlers = handlers{
	"account.updateMFA":              (*call).unbuilt,
	"account.createMfaAuthenticator": (*call).unbuilt,
	"account.createMFAAuthenticator": (*call).unbuilt,
	"account.updateMfaAuthenticator": (*call).unbuilt,
	"account.updateMFAAuthenticator": (*call).unbuilt,
	"account.deleteMfaAuthenticator": (*call).unbuilt,
	"account.deleteMFAAuthenticator": (*call).unbuilt,
	"account.createMfaChallenge":     (*call).unbuilt,
	"account.createMFAChallenge":     (*call).unbuilt,
	"account.updateMfaChallenge":     (*call).unbuilt,
	"account.updateMFAChallenge":     (*call).unbuilt,
	"account.listMfaFactors":         (*call).unbuilt,
	"account.listMFAFactors":         (*call).unbuilt,
	"account.getMfaRecoveryCodes":    (*call).unbuilt,
	"account.getMFARecoveryCodes":    (*call).unbuilt,
	"account.createMfaRecoveryCodes": (*call).unbuilt,
	"account.createMFARecoveryCodes": (*call).unbuilt,
	"account.updateMfaRecoveryCodes": (*call).unbuilt,
	"account.updateMFARecoveryCodes": (*call).unbuilt,
}

var usersMFAHandlers = handlers{
	"users.updateMfa":              (*call).unbuilt,
	"users.updateMFA":              (*call).unbuilt,
	"users.deleteMfaAuthenticator": (*call).unbuilt,
	"users.deleteMFAAuthenticator": (*call).unbuilt,
	"users.listMfaFactors":         (*call).unbuilt,
	"users.listMFAFactors":         (*call).unbuilt,
	"users.getMfaRecoveryCodes":    (*call).unbuilt,
	"users.getMFARecoveryCodes":    (*call).unbuilt,
	"users.updateMfaRecoveryCodes": (*call).unbuilt,
	"users.updateMFARecoveryCodes": (*call).unbuilt,
	"users.createMfaRecoveryCodes": (*call).unbuilt,
	"users.createMFARecoveryCodes": (*call).unbuilt,
}

var teamsHandlers = handlers{
	"teams.list":        (*call).unbuilt,
	"teams.create":      (*call).unbuilt,
	"teams.get":         (*call).unbuilt,
	"teams.updateName":  (*call).unbuilt,
	"teams.delete":      (*call).unbuilt,
	"teams.getPrefs":    (*call).unbuilt,
	"teams.updatePrefs": (*call).unbuilt,
}

var membershipHandlers = handlers{
	"teams.listMemberships":        (*call).unbuilt,
	"teams.createMembership":       (*call).unbuilt,
	"teams.getMembership":          (*call).unbuilt,
	"teams.updateMembership":       (*call).unbuilt,
	"teams.deleteMembership":       (*call).unbuilt,
	"teams.updateMembershipStatus": (*call).unbuilt,
}

var usersMembershipHandlers = handlers{
	"users.listMemberships": (*call).unbuilt,
}

var logHandlers = handlers{
	"account.listLogs": (*call).unbuilt,
	"users.listLogs":   (*call).unbuilt,
}
