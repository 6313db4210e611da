package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/isojot/isojot/server"
)

// kindFair is the server that is measured here: isojot with functions.
const kindFair = "fair"

// The load of each measurement.
const (
	signingIn  = 8   // clients that sign in over and over, beside one that reads
	flood      = 500 // sign-ins of one client at once
	honest     = 6   // sign-ins from another address meanwhile
	executions = 8   // slow ones, beside one quick execution
	slowness   = 3 * time.Second
)

// The addresses of two clients; the server listens on the first.
const (
	oneAddress   = "127.0.0.1"
	otherAddress = "127.0.0.2"
)

// fairness measures what callers wait for each other.
func fairness(args []string) error {
	flags := flag.NewFlagSet("bench fair", flag.ContinueOnError)
	seconds := flags.Int("seconds", 5, "how long accounts are read, 1 to 60")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *seconds < 1 || *seconds > 60 {
		return fmt.Errorf("-seconds %d: it must be between 1 and 60", *seconds)
	}
	c, err := startChild(kindFair)
	if err != nil {
		return err
	}
	defer c.stop()
	for _, measure := range []func(*child, time.Duration) error{readAlone, readBesideSignIns, signInBesideFlood, executeBesideSlow} {
		if err := measure(c, time.Duration(*seconds)*time.Second); err != nil {
			return err
		}
	}
	return nil
}

// startFair makes the server, with a slow function and a quick one.
func startFair(ctx context.Context, dir string) (http.Handler, map[string]string, io.Closer, error) {
	everybody := []string{"any"}
	srv, err := server.New(ctx, server.Options{DataDir: dir, Limits: server.LimitsOff, Functions: []server.Function{
		{ID: "slow", Execute: everybody, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(slowness):
			case <-r.Context().Done():
			}
		})},
		{ID: "quick", Execute: everybody, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})},
	}})
	if err != nil {
		return nil, nil, nil, err
	}
	return withUser(ctx, srv)
}

// clientAt is a client at an address of this machine.
func clientAt(address string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: flood}}
}

// send sends a request, and returns its status and how long it took.
func (c *child) send(client *http.Client, method, path, jwt, body string) (int, time.Duration, error) {
	req, err := http.NewRequest(method, "http://"+c.addr+path, strings.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("X-Appwrite-Project", server.DefaultProject)
	req.Header.Set("Content-Type", "application/json")
	if jwt != "" {
		req.Header.Set("X-Appwrite-JWT", jwt)
	}
	start := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, time.Since(start), err
}

// pace is how long the reader rests between two requests. Without rest most of
// its requests would be sent while the server is quick, and the slow ones count
// for little.
const pace = 10 * time.Millisecond

// reads reads the account over and over until the end, and says how long that
// took.
func (c *child) reads(length time.Duration) (p50, p99 time.Duration, err error) {
	client, end := clientAt(otherAddress), time.Now().Add(length)
	var all []time.Duration
	for len(all) == 0 || time.Now().Before(end) {
		status, took, err := c.send(client, "GET", "/v1/account", c.more["jwt"], "")
		if err != nil || status != http.StatusOK {
			return 0, 0, errors.Join(err, fmt.Errorf("GET /account answered %d", status))
		}
		all = append(all, took)
		time.Sleep(pace)
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100], nil
}

func readAlone(c *child, length time.Duration) error {
	p50, p99, err := c.reads(length)
	fmt.Printf("GET /account alone: p50 %.2f ms, p99 %.2f ms\n", inMs(p50), inMs(p99))
	return err
}

// readBesideSignIns reads while others sign in.
func readBesideSignIns(c *child, length time.Duration) error {
	var done atomic.Bool
	var signIns atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range signingIn {
		wg.Go(func() {
			for client := clientAt(oneAddress); !done.Load(); {
				if status, _, err := c.send(client, "POST", "/v1/account/sessions/email", "", c.more["login"]); err == nil && status == http.StatusCreated {
					signIns.Add(1)
				}
			}
		})
	}
	p50, p99, err := c.reads(length)
	done.Store(true)
	wg.Wait()
	fmt.Printf("GET /account while %d clients sign in: p50 %.2f ms, p99 %.2f ms; %.0f sign-ins/s\n",
		signingIn, inMs(p50), inMs(p99), float64(signIns.Load())/time.Since(start).Seconds())
	return err
}

// signInBesideFlood signs in from one address while another sends many
// sign-ins, always so many at once.
func signInBesideFlood(c *child, _ time.Duration) error {
	stop := c.flood()
	time.Sleep(time.Second) // it is under way
	served, longest := 0, time.Duration(0)
	for range honest {
		status, took, err := c.send(clientAt(otherAddress), "POST", "/v1/account/sessions/email", "", c.more["login"])
		if err != nil {
			return errors.Join(err, stop())
		}
		if status == http.StatusCreated {
			served++
		}
		longest = max(longest, took)
	}
	fmt.Printf("%d sign-ins at once, all the time, from one address: %d of %d from another are served, the slowest answer in %.0f ms\n",
		flood, served, honest, inMs(longest))
	return stop()
}

// flood begins to sign in at addresses that nobody has, until it is stopped.
func (c *child) flood() (stop func() error) {
	var wg sync.WaitGroup
	var done atomic.Bool
	failures := make(chan error, flood)
	client := clientAt(oneAddress)
	for range flood {
		wg.Go(func() {
			for !done.Load() {
				body := fmt.Sprintf(`{"email":"nobody%d@example.com","password":"correct horse"}`, rand.Uint64())
				if _, _, err := c.send(client, "POST", "/v1/account/sessions/email", "", body); err != nil {
					failures <- err
					return
				}
				time.Sleep(pace)
			}
		})
	}
	return func() error {
		done.Store(true)
		wg.Wait()
		close(failures)
		return <-failures
	}
}

// executeBesideSlow executes a quick function while slow ones run that were
// asked for from another address.
func executeBesideSlow(c *child, _ time.Duration) error {
	var wg sync.WaitGroup
	for range executions {
		wg.Go(func() { _, _, _ = c.send(clientAt(oneAddress), "POST", "/v1/functions/slow/executions", "", "{}") })
	}
	time.Sleep(time.Second / 2) // they are under way
	status, took, err := c.send(clientAt(otherAddress), "POST", "/v1/functions/quick/executions", "", "{}")
	wg.Wait()
	if err != nil || status != http.StatusCreated {
		return errors.Join(err, fmt.Errorf("an execution was answered %d", status))
	}
	fmt.Printf("a function behind %d guest executions of %v from another address: %.0f ms\n", executions, slowness, inMs(took))
	return nil
}

func inMs(d time.Duration) float64 { return d.Seconds() * 1e3 }
