package server

import (
	"cmp"
	"fmt"
	"net/url"
	"runtime"
	"time"

	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/server/internal/executions"
	"github.com/isojot/isojot/server/internal/wire"
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

// newEngine makes what runs functions.
func (s *Server) newEngine() *executions.Engine {
	return executions.New(executions.Config{
		DB: s.db, Now: s.now, Log: s.log, Projects: s.projects, Endpoint: s.options.Endpoint, Version: wire.AppwriteVersion,
		Functions: func(project string) *executions.Set { return s.config(project).functions },
		Slots:     s.options.functionSlots(), Queue: MaxQueue, Lease: cmp.Or(s.options.Lease, DefaultLease),
	})
}
