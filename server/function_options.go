package server

import (
	"fmt"
	"net/url"
	"runtime"
	"time"

	"github.com/isojot/isojot/internal/fair"
	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/server/internal/ids"
)

// Bounds of the options about functions.
const (
	defaultFunctionWait = 30 * time.Second
	minFunctionSlots    = 8 // so that a caller alone gets four
	maxFunctionSlots    = 1000
)

// MaxQueue is how many callers may wait for a function to be run.
const MaxQueue = 100

// checkFunctions says what is wrong with the options about functions.
func (o *Options) checkFunctions() error {
	switch {
	case o.FunctionWait != 0 && (o.FunctionWait < time.Second || o.FunctionWait > maxFunctionTimeout):
		return fmt.Errorf("server: FunctionWait is %v: use %v to %v, or 0 for %v", o.FunctionWait, time.Second, maxFunctionTimeout, defaultFunctionWait)
	case o.FunctionSlots < 0 || o.FunctionSlots > maxFunctionSlots:
		return fmt.Errorf("server: FunctionSlots is %d: use 1 to %d, or 0 for the default", o.FunctionSlots, maxFunctionSlots)
	case o.Endpoint == "":
		return nil
	}
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("server: the Endpoint %q is not a URL: use one such as http://127.0.0.1:7519/v1", mask.URL(o.Endpoint))
	}
	return nil
}

// functionSlots is how many executions run at once.
func (o *Options) functionSlots() int {
	if o.FunctionSlots == 0 {
		return max(minFunctionSlots, 2*min(runtime.NumCPU(), runtime.GOMAXPROCS(0)))
	}
	return o.FunctionSlots
}

// asyncSlots is how many of n slots executions may take that nobody waits for,
// so that those somebody waits for find one.
func asyncSlots(n int) int { return max(1, n*3/4) }

// useFunctions makes what runs functions.
func (s *Server) useFunctions() {
	n := s.options.functionSlots()
	s.slots, s.asyncSlots = fair.New(n, MaxQueue, maySlot), make(chan struct{}, asyncSlots(n))
	s.wake = make(chan struct{}, 1)
	s.life, s.owner, s.ephemeralSecret = newLife(), ids.NewSecret(), mask.Hide(ids.Random(ephemeralBytes))
}

// ephemeralBytes is the length of the key that signs functions' API keys: that
// of the hash of HS256 (RFC 7518 section 3.2).
const ephemeralBytes = 32
