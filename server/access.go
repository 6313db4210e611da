package server

import (
	"sync/atomic"
	"time"
)

// Bounds of noting that a user was here.
const (
	// accessWait is how long a request waits for that.
	accessWait = 200 * time.Millisecond
	// accessPause is how long no other request tries, after one that could not.
	accessPause = time.Second
)

// attempts tells who may try what has failed lately: one request in each pause,
// until one succeeds.
type attempts struct{ next atomic.Int64 } // unix nanoseconds; 0: it has not failed

// try reports whether it may be tried now.
func (a *attempts) try() bool {
	next, now := a.next.Load(), time.Now()
	return next == 0 || now.UnixNano() > next && a.next.CompareAndSwap(next, now.Add(accessPause).UnixNano())
}

// ended notes whether it succeeded.
func (a *attempts) ended(ok bool) {
	if ok {
		a.next.Store(0)
		return
	}
	a.next.Store(time.Now().Add(accessPause).UnixNano())
}
