package server

import (
	"strings"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/store"
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
		return keyWaiter + c.apiKey.ID
	case c.user == nil:
		return store.Guests + reach.Network(reach.ClientIP(c.r))
	case c.anonymous():
		return "anonymous of " + reach.Network(reach.ClientIP(c.r))
	}
	return c.user.ID
}

// keyWaiter begins the waiter of an API key.
const keyWaiter = "key "

// anonymous reports whether the user has neither e-mail address nor phone
// number, and so was made by whoever asked.
func (c *call) anonymous() bool { return c.user.Email == "" && c.user.Phone == "" }

// by is the key that the caller has in queues.
func (c *call) by() string { return queueKey(store.Waiter{Project: c.project.ID, ID: c.waiter()}) }

// queueKey is the key of a waiter; no project's id has a blank.
func queueKey(w store.Waiter) string { return w.Project + " " + w.ID }

// waiterOf is the waiter of a key.
func waiterOf(key string) store.Waiter {
	project, id, _ := strings.Cut(key, " ")
	return store.Waiter{Project: project, ID: id}
}

// The keys of the server itself; no project has an empty id.
const (
	byProgram    = " program"    // this package's methods
	byDispatcher = " dispatcher" // the place of an execution that is looked for
)

// maySlot reports whether a key that holds slots of executions may take one
// more. An execution may take minutes, and so users and addresses leave as many
// to others as they hold. Behind an API key are many users: it leaves one.
func maySlot(key string, held, free int) bool {
	if id := waiterOf(key).ID; id == "" || strings.HasPrefix(id, keyWaiter) { // "": stored by an older release
		return free > 1
	}
	return fair.Half(key, held, free)
}

// maxHashQueue is how many passwords may wait to be hashed: at 20 ms a hash and
// two at once, the last one waits less than 3 s.
const maxHashQueue = 256

// hashesAtOnce is how many passwords are hashed at once where so many goroutines
// run at once. A hash keeps its place for 20 ms, and so a quarter of them, at
// least two, are left to all other requests. One hash there always is.
func hashesAtOnce(procs int) int { return max(1, min(procs-2, procs*3/4)) }
