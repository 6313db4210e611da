package server

import (
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/reach"
)

// Places are shared among callers by whom they count for, so that those of one
// do not keep others waiting.

// waiter is whom the caller counts for in its project: an API key; a user; or
// the guests of an address, or its users without e-mail address and phone
// number, of whom one caller can be many. No id has a blank.
func (c *call) waiter() string {
	switch {
	case c.byKey():
		return executions.KeyWaiter + c.apiKey.ID
	case c.user == nil:
		return store.Guests + reach.Network(reach.ClientIP(c.r))
	case c.anonymous():
		return "anonymous of " + reach.Network(reach.ClientIP(c.r))
	}
	return c.user.ID
}

// anonymous reports whether the user has neither e-mail address nor phone
// number, and so was made by whoever asked.
func (c *call) anonymous() bool { return c.user.Email == "" && c.user.Phone == "" }

// by is the key that the caller has in queues.
func (c *call) by() string {
	return executions.QueueKey(store.Waiter{Project: c.project.ID, ID: c.waiter()})
}

// byProgram is the key in queues of this package's methods; no project has an
// empty id.
const byProgram = " program"

// maxHashQueue is how many passwords may wait to be hashed: at 20 ms a hash and
// two at once, the last one waits less than 3 s.
const maxHashQueue = 256

// hashesAtOnce is how many passwords are hashed at once where so many goroutines
// run at once. A hash keeps its place for 20 ms, and so a quarter of them, at
// least two, are left to all other requests. One hash there always is.
func hashesAtOnce(procs int) int { return max(1, min(procs-2, procs*3/4)) }
