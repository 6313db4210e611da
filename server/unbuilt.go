package server

import (
	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/wire"
)

// unbuilt answers operations that the table has and this server does not yet.
func (c *call) unbuilt() error { return wire.Fail(isojot.ErrRouteNotFound) }

var logHandlers = handlers{
	"account.listLogs": (*call).unbuilt,
	"users.listLogs":   (*call).unbuilt,
}
