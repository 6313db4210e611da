package executions

import (
	"strings"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/store"
)

// byDispatcher is the key of the slot of an execution that is looked for; no
// project has an empty id.
const byDispatcher = " dispatcher"

// KeyWaiter begins the waiter of an API key.
const KeyWaiter = "key "

// QueueKey is the key of a waiter; no project's id has a blank.
func QueueKey(w store.Waiter) string { return w.Project + " " + w.ID }

// waiterOf is the waiter of a key.
func waiterOf(key string) store.Waiter {
	project, id, _ := strings.Cut(key, " ")
	return store.Waiter{Project: project, ID: id}
}

// maySlot reports whether a key that holds slots of executions may take one
// more. An execution may take minutes, and so users and addresses leave as many
// to others as they hold. Behind an API key are many users: it leaves one.
func maySlot(key string, held, free int) bool {
	if id := waiterOf(key).ID; id == "" || strings.HasPrefix(id, KeyWaiter) { // "": stored by an older release
		return free > 1
	}
	return fair.Half(key, held, free)
}
