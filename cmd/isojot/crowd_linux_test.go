package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/crowd"
)

// What a crowd of slow clients can have the server hold is bounded, at one
// address and at several; others are served meanwhile, and afterwards it is
// given back. `make bench` has a larger crowd.
func TestMemoryUnderACrowd(t *testing.T) {
	answer := strings.Repeat("0123456789abcdef", 5<<20/16)
	function := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	t.Cleanup(function.Close)
	// As users have it: the race detector multiplies what a program takes.
	program := filepath.Join(t.TempDir(), "isojot")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := serveBy(t, program, "--data", t.TempDir(), "--limits", "off", "--function", "big="+function.URL)
	addr := strings.TrimPrefix(s.url, "http://")
	client := crowd.NewClient(addr, "")
	defer client.Close()
	cookie, err := client.SignUp(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.SignUp(t.Context(), "bob"); err != nil {
		t.Fatal(err)
	}
	const most = 256 << 20
	for name, from := range map[string][]string{"one address": nil, "several": {"127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4"}} {
		ctx, disperse := context.WithCancel(t.Context())
		c := &crowd.Crowd{Addr: addr, From: from, Senders: 800, Burst: 500 << 10, Drip: time.Second,
			Head:    crowd.Request("POST", "/v1/account", nil, `{"name":"`, 512<<10),
			Readers: 200, Patience: time.Minute, Requests: []string{
				crowd.Request("GET", "/_functions/demo/big/", nil, "", 0), crowd.Request("POST", "/v1/functions/big/executions", nil, "{}", 2)}}
		gone := c.Start(ctx)
		measured, end := context.WithTimeout(ctx, 5*time.Second)
		peaks := make(chan int64, 1)
		go func() {
			peak, _ := crowd.Peak(measured, s.process.Pid) // 0 says that it failed
			peaks <- peak
		}()
		o := crowd.Honest{Addr: addr, Cookie: cookie, User: "bob", Clients: 2, Pause: 50 * time.Millisecond, SignIns: time.Second}.Run(measured)
		peak := <-peaks
		if peak == 0 || peak > most {
			t.Errorf("%s: the server has %d MiB, with %d clients", name, peak>>20, c.Open())
		}
		if o.Failed > 0 || len(o.Reads) == 0 || len(o.SignIns) == 0 {
			t.Errorf("%s: %d reads, %d sign-ins, %d failed: %v", name, len(o.Reads), len(o.SignIns), o.Failed, o.Err)
		}
		t.Logf("%s: %d MiB at most, with %d clients", name, peak>>20, c.Open())
		end()
		disperse()
		gone()
	}
}
