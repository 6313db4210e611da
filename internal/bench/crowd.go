package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/isojot/isojot/internal/crowd"
)

// crowdArg makes this program measure the real binary beside a crowd of clients
// that hold what they can.
const crowdArg = "crowd"

// crowdPlan is how large the crowd is, and how long it is measured.
type crowdPlan struct {
	binary, log, only               string
	senders, readers, seconds, rest int
	cpus                            []int // the server's
}

func runCrowd(args []string) error {
	flags := flag.NewFlagSet("bench crowd", flag.ContinueOnError)
	var p crowdPlan
	flags.StringVar(&p.binary, "binary", "../../bin/isojot", "the server, as make build makes it")
	flags.StringVar(&p.log, "log", os.DevNull, "a file for the server's log")
	flags.StringVar(&p.only, "only", "", "measure the crowds only whose name holds this")
	flags.IntVar(&p.senders, "senders", 4000, "slow senders")
	flags.IntVar(&p.readers, "readers", 1000, "slow readers")
	flags.IntVar(&p.seconds, "seconds", 30, "how long honest clients are timed")
	flags.IntVar(&p.rest, "rest", 30, "seconds until the memory is looked at once more")
	if err := flags.Parse(args); err != nil {
		return err
	}
	fmt.Printf("%d slow senders, %d slow readers\n", p.senders, p.readers)
	servers, clients := shares()
	if err := pinProcess(clients); err != nil {
		return err
	}
	p.cpus = servers
	fmt.Printf("%-32s %27s %27s %27s  %s\n", "", "resident MB", "GET /account, ms (p50 p99)", "e-mail sign-in, ms (p50 p99)", "")
	fmt.Printf("%-32s %6s %6s %6s %6s", "the crowd", "idle", "peak", "later", "CPUs")
	for range 2 {
		fmt.Printf(" %13s %13s", "alone", "crowded")
	}
	fmt.Println("  honest requests that failed; answers to the crowd")
	others := []string{"127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4", "127.0.1.5", "127.0.1.6", "127.0.1.7", "127.0.1.8"}
	for _, one := range []struct {
		name  string
		from  []string
		burst int
	}{
		{"same address, a byte at a time", nil, 0},
		{"8 addresses, a byte at a time", others, 0},
		{"same address, 500 KiB at once", nil, 500 << 10},
		{"8 addresses, 500 KiB at once", others, 500 << 10},
	} {
		if !strings.Contains(one.name, p.only) {
			continue
		}
		if err := p.measure(one.name, one.from, one.burst); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// measure starts a server and a crowd, and prints what became of the server.
// Server and clients do not share processors, and honest clients are a process
// of their own that goes before the crowd: what they wait is the server's doing.
func (p crowdPlan) measure(name string, from []string, burst int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, honest, err := p.ready(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	requests, err := unread(ctx, s.addr)
	if err != nil {
		return err
	}
	idle, err := crowd.Resident(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	alone, err := p.timed(ctx, honest)
	if err != nil {
		return err
	}
	c := &crowd.Crowd{Addr: s.addr, From: from, Senders: p.senders, Burst: burst, Drip: time.Second,
		Head:    crowd.Request("POST", "/v1/account", nil, `{"name":"`, 512<<10),
		Readers: p.readers, Requests: requests, Patience: 20 * time.Second}
	crowded, disperse := context.WithCancel(ctx)
	defer disperse()
	gone := c.Start(crowded)
	peaks := make(chan int64, 1)
	go func() {
		peak, _ := crowd.Peak(crowded, s.cmd.Process.Pid) // 0 says that it failed
		peaks <- peak
	}()
	time.Sleep(5 * time.Second) // all of them come within a second
	begun, used := time.Now(), s.cpu()
	with, err := p.timed(ctx, honest)
	if err != nil {
		return err
	}
	share := (s.cpu() - used).Seconds() / time.Since(begun).Seconds()
	disperse()
	gone()
	peak := <-peaks
	time.Sleep(time.Duration(p.rest) * time.Second)
	later, err := crowd.Resident(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Printf("%-32s %6d %6d %6d %6.2f", name, idle>>20, peak>>20, later>>20, share)
	for _, t := range []crowd.Times{alone.Reads, with.Reads, alone.SignIns, with.SignIns} {
		fmt.Printf(" %6.1f %6.0f", t.At(.5).Seconds()*1e3, t.At(.99).Seconds()*1e3)
	}
	fmt.Printf("  %d of %d %v; %s\n", with.Failed, with.Failed+len(with.Reads)+len(with.SignIns), with.Fault, answers(c))
	return nil
}

// ready starts a server with the users of the honest clients.
func (p crowdPlan) ready(ctx context.Context) (*served, crowd.Honest, error) {
	s, err := p.serve(ctx)
	if err != nil {
		return nil, crowd.Honest{}, err
	}
	client := crowd.NewClient(s.addr, "")
	defer client.Close()
	honest := crowd.Honest{Addr: s.addr, User: "bob", Clients: 8, Pause: 20 * time.Millisecond, SignIns: time.Second}
	honest.Cookie, err = client.SignUp(ctx, "ada")
	if err == nil {
		_, err = client.SignUp(ctx, "bob")
	}
	if err != nil {
		s.stop()
	}
	return s, honest, err
}

func answers(c *crowd.Crowd) string {
	var all []string
	c.Answers.Range(func(status, n any) bool {
		all = append(all, fmt.Sprintf("%s: %d", status, n.(*atomic.Int64).Load()))
		return true
	})
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// served is the real server, in a process of its own.
type served struct {
	cmd    *exec.Cmd
	addr   string
	dir    string
	answer *http.Server // of the function
}

// bigAnswer is what the function answers.
const bigAnswer = 10 << 20

// serve starts the server on a database file, with a function whose answers are
// as long as they may be.
func (p crowdPlan) serve(ctx context.Context) (*served, error) {
	dir, err := os.MkdirTemp("", "isojot-crowd-")
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	text := []byte(strings.Repeat("0123456789abcdef", bigAnswer/16))
	s := &served{dir: dir, answer: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) })}}
	go func() { _ = s.answer.Serve(listener) }()
	s.cmd = exec.CommandContext(ctx, p.binary, "serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(dir, "data"),
		"--limits", "off", "--function", "big=http://"+listener.Addr().String())
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd.Stderr = log
	stdout, err := s.cmd.StdoutPipe()
	if err == nil {
		err = startOn(p.cpus, s.cmd)
	}
	if err != nil {
		return nil, errors.Join(err, s.answer.Close(), os.RemoveAll(dir))
	}
	lines := bufio.NewScanner(stdout)
	for s.addr == "" && lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "endpoint" {
			s.addr = strings.TrimSuffix(strings.TrimPrefix(fields[1], "http://"), "/v1")
		}
	}
	if s.addr == "" {
		s.stop()
		return nil, errors.New("the server did not start")
	}
	go func() {
		for lines.Scan() { // so that it is not blocked
		}
	}()
	return s, nil
}

// cpu is how much processor time the server has used.
func (s *served) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if err != nil || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11]) // in hundredths of a second
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func (s *served) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = s.answer.Close()
	_ = os.RemoveAll(s.dir)
}

// unread are requests with long answers: the browser build, a query for large
// preferences, and a function by both ways.
func unread(ctx context.Context, addr string) ([]string, error) {
	client := crowd.NewClient(addr, "")
	defer client.Close()
	cookie, err := client.SignUp(ctx, "eve")
	if err != nil {
		return nil, err
	}
	header := map[string]string{"Cookie": cookie}
	prefs := `{"prefs":{"a":"` + strings.Repeat("x", 60<<10) + `"}}`
	if res, text, err := client.Do(ctx, "PATCH", "/v1/account/prefs", header, prefs); err != nil || res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("prefs: %v %s", err, text)
	}
	var query strings.Builder
	for i := range 50 {
		fmt.Fprintf(&query, "a%d:accountGetPrefs{data}", i)
	}
	body := `{"query":"{` + query.String() + `}"}`
	if res, text, err := client.Do(ctx, "POST", "/v1/graphql", header, body); err != nil || len(text) < 3_000_000 {
		return nil, fmt.Errorf("GraphQL: %v, %d bytes %v", err, len(text), res)
	}
	return []string{
		crowd.Request("GET", "/isojot.wasm", nil, "", 0),
		crowd.Request("POST", "/v1/graphql", header, body, len(body)),
		crowd.Request("GET", "/_functions/demo/big/", nil, "", 0),
		crowd.Request("POST", "/v1/functions/big/executions", nil, "{}", 2),
	}, nil
}
