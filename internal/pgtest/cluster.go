package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The roles of a server: the administrator, and the owner of databases, who may
// nothing else.
const (
	superuser = "postgres"
	owner     = "ordinary"
)

// errAbsent says that PostgreSQL is not installed.
var errAbsent = errors.New("PostgreSQL is not installed")

// Cluster is a PostgreSQL server.
type Cluster struct {
	bin, dir                     string
	port                         int
	superPassword, ownerPassword string
	running                      *process // nil when it is stopped

	mu   sync.Mutex
	free []string // databases that no test uses
}

// start makes a server and starts it.
func start() (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "isojot-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, dir: dir, superPassword: rand.Text(), ownerPassword: rand.Text()}
	err = c.make()
	if err == nil {
		err = c.run()
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err = c.admin(ctx, superuser, `CREATE ROLE `+owner+` LOGIN PASSWORD '`+c.ownerPassword+`'`)
	}
	if err != nil {
		c.Remove()
		return nil, err
	}
	return c, nil
}

// programs is the folder of PostgreSQL's programs: that of PATH, else the
// newest where distributions keep them.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, matches...)
	}
	if len(found) == 0 {
		return "", errAbsent
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// make fills the folder. The databases sort by the rules of a language, as most
// do: what depends on bytes must say so itself.
func (c *Cluster) make() error {
	file := filepath.Join(c.dir, "password")
	if err := os.WriteFile(file, []byte(c.superPassword), 0o600); err != nil {
		return err
	}
	if err := handOver(c.dir, file); err != nil {
		return err
	}
	args := []string{"--pgdata=" + c.data(), "--username=" + superuser, "--pwfile=" + file, "--auth=scram-sha-256",
		"--encoding=UTF8", "--no-sync", "--locale=C.UTF-8"}
	cmd := exec.Command(filepath.Join(c.bin, "initdb"), append(args, "--locale-provider=icu", "--icu-locale=en-US")...)
	cmd.Dir, cmd.SysProcAttr = c.dir, asOrdinaryUser()
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, text)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// settings are for databases that need not survive the machine.
var settings = []string{"listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off",
	"max_connections=300", "shared_buffers=32MB", "autovacuum=off", "deadlock_timeout=100ms"}

// run starts the server, on the port that it had before, and waits for it.
func (c *Cluster) run() error {
	for attempt := 0; ; attempt++ {
		port, err := c.freePort()
		if err != nil {
			return err
		}
		err = c.runOn(port)
		if err == nil || attempt == 3 || c.port != 0 {
			return err
		}
	}
}

// freePort is the server's port, or one that nobody uses.
func (c *Cluster) freePort() (int, error) {
	if c.port != 0 {
		return c.port, nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

func (c *Cluster) runOn(port int) error {
	args := []string{"-D", c.data(), "-p", strconv.Itoa(port)}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(c.bin, "postgres"), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = c.dir, log, log, asOrdinaryUser()
	p, err := begin(cmd)
	if err != nil {
		return err
	}
	was := c.port
	c.port = port
	if err := c.await(p); err != nil {
		p.end(syscall.SIGQUIT)
		c.port = was
		text, _ := os.ReadFile(log.Name()) // it is what there is to say
		return fmt.Errorf("postgres: %w\n%s", err, text)
	}
	c.running = p
	return nil
}

// await waits until the server answers.
func (c *Cluster) await(p *process) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := c.admin(ctx, superuser)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-p.over:
			return errors.New("it ended at once")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Run starts a server that was stopped.
func (c *Cluster) Run(t testing.TB) {
	t.Helper()
	if err := c.run(); err != nil {
		t.Fatal(err)
	}
}

// Crash ends the server at once, as if it had been killed: its connections
// break, and it has to recover at its next start.
func (c *Cluster) Crash() { c.stop(syscall.SIGQUIT) }

func (c *Cluster) stop(signal syscall.Signal) {
	if c.running != nil {
		c.running.end(signal)
		c.running = nil
	}
}

// Remove ends the server and removes its folder.
func (c *Cluster) Remove() {
	c.stop(syscall.SIGINT)
	_ = os.RemoveAll(c.dir) // it is temporary
}

// Address is the host and port of the server.
func (c *Cluster) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

func (c *Cluster) url(user, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Host: c.Address(), Path: "/" + database}
	return u.String()
}
