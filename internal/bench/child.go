package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/isojot/isojot/internal/tune"
)

// childArg makes this program one of the servers.
const childArg = "serve-child"

// The servers.
const (
	kindFloor      = "floor"
	kindIsojot     = "isojot"
	kindPocketBase = "PocketBase"
)

// cpuPath answers how much processor time the process has used, in
// nanoseconds.
const cpuPath = "/_bench/cpu"

// child is a server in a process of its own.
type child struct {
	kind  string
	cmd   *exec.Cmd
	stdin io.Closer
	addr  string
	// more is what the child said about itself, by name.
	more map[string]string
}

// ready is the last line that a child prints.
const ready = "ready"

// startChild starts a server and reads the lines "name value" that it prints.
func startChild(kind string) (*child, error) {
	c := &child{kind: kind, cmd: exec.Command(os.Args[0], childArg, kind), more: map[string]string{}}
	c.cmd.Stderr = os.Stderr
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan() && lines.Text() != ready; {
		name, value, _ := strings.Cut(lines.Text(), " ")
		c.more[name] = value
	}
	if c.addr = c.more["addr"]; c.addr == "" {
		return nil, fmt.Errorf("%s did not start: %w", kind, c.cmd.Wait())
	}
	return c, nil
}

// stop ends the server: it lives as long as its standard input is open.
func (c *child) stop() {
	c.stdin.Close()
	_ = c.cmd.Wait() // it has told on standard error what went wrong
}

// targets are the requests to measure.
func (c *child) targets() ([]target, error) {
	jwt := map[string]string{"X-Appwrite-JWT": c.more["jwt"]}
	read := target{name: "GET /account by JWT", request: raw("GET", "/v1/account", jwt, ""), status: 200}
	all := []target{read}
	switch c.kind {
	case kindIsojot:
		cookie := map[string]string{"Cookie": c.more["cookie"]}
		all = append(all,
			target{name: "GET /account by cookie", request: raw("GET", "/v1/account", cookie, ""), status: 200},
			target{name: "POST /account/jwts", request: raw("POST", "/v1/account/jwts", cookie, "{}"), status: 201},
			target{name: "e-mail sign-in", request: raw("POST", "/v1/account/sessions/email", nil, c.more["login"]), status: 201},
		)
	case kindPocketBase:
		const users = "/api/collections/users/"
		own := map[string]string{"Authorization": c.more["jwt"]}
		all = []target{
			{name: "GET own record", request: raw("GET", users+"records/"+c.more["user"], own, ""), status: 200},
			{name: "POST auth-refresh", request: raw("POST", users+"auth-refresh", own, "{}"), status: 200},
			{name: "password sign-in", request: raw("POST", users+"auth-with-password", nil, c.more["login"]), status: 200},
		}
	}
	for i := range all {
		all[i].name, all[i].addr, all[i].cpu = c.kind+": "+all[i].name, c.addr, c.cpu
	}
	return all, nil
}

func (c *child) cpu() (time.Duration, error) {
	res, err := http.Get("http://" + c.addr + cpuPath)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return time.Duration(n), err
}

// serveChild runs a server until standard input ends.
func serveChild(ctx context.Context, kind string) error {
	if kind != kindPocketBase { // as cmd/isojot does
		tune.GC()
		tune.Procs()
	}
	dir, err := os.MkdirTemp("", "isojot-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	start := map[string]func(context.Context, string) (http.Handler, map[string]string, io.Closer, error){
		kindFloor: startFloor, kindIsojot: startIsojot, kindPocketBase: startPocketBase,
		kindFair: startFair,
	}[kind]
	if start == nil {
		return fmt.Errorf("there is no server %q", kind)
	}
	handler, more, closer, err := start(ctx, dir)
	if err != nil {
		return err
	}
	defer closer.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+cpuPath, writeCPU)
	mux.Handle("/", handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = srv.Close()
	}()
	fmt.Println("addr", listener.Addr())
	for name, value := range more {
		fmt.Println(name, value)
	}
	fmt.Println(ready)
	if err := srv.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func writeCPU(w http.ResponseWriter, _ *http.Request) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = fmt.Fprint(w, u.Utime.Nano()+u.Stime.Nano())
}
