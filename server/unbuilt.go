package server

import (
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// unbuilt answers operations that the table has and this server does not yet.
func (c *call) unbuilt() error { return wire.Fail(isojot.ErrRouteNotFound) }

var oauth2Handlers = handlers{
	"account.createOAuth2Session": (*call).unbuilt,
	"account.createOAuth2Token":   (*call).unbuilt,
}

var identityHandlers = handlers{
	"account.listIdentities": (*call).unbuilt,
	"account.deleteIdentity": (*call).unbuilt,
}

var usersIdentityHandlers = handlers{
	"users.listIdentities": (*call).unbuilt,
	"users.deleteIdentity": (*call).unbuilt,
}

var logHandlers = handlers{
	"account.listLogs": (*call).unbuilt,
	"users.listLogs":   (*call).unbuilt,
}
