package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/password"
	"github.com/isojot/isojot/internal/pgtest"
)

// childVar tells this test program to be the command that exec runs.
const childVar = "TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childVar); role != "" {
		os.Exit(beChild(role))
	}
	// What a developer has set for a server must not reach these.
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "ISOJOT_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(pgtest.Main(m))
}

// beChild is a command with the given role.
func beChild(role string) int {
	switch role {
	case "environment":
		for _, name := range []string{"ISOJOT_ENDPOINT", "APPWRITE_ENDPOINT", "ISOJOT_URL", "ISOJOT_PROJECT", "APPWRITE_PROJECT_ID", "ISOJOT_DEV_TOKEN"} {
			fmt.Println(os.Getenv(name))
		}
		return 0
	case "serve":
		// So that tests which sign in often wait for the database, not for hashes.
		password.OWASP = password.Cost{Memory: 8, Time: 1, Threads: 1}
		return run(context.Background(), append([]string{"isojot"}, os.Args[1:]...), os.Stdout, os.Stderr)
	case "call":
		return childCall()
	case "key":
		return childUsesKey()
	case "sign up":
		return childSignsUp()
	case "wait":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		fmt.Println("ready")
		<-signals
		return 3
	case "die":
		if err := signalSelf(syscall.SIGKILL); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		select {}
	}
	code, err := strconv.Atoi(role)
	if err != nil {
		fmt.Fprintln(os.Stderr, "unknown role", role)
		return 99
	}
	return code
}

// childSignsUp signs up one more user than the limit for an address, and prints
// the last status.
func childSignsUp() int {
	last := 0
	for n := range 11 {
		body := fmt.Sprintf(`{"userId":"u%d","email":"u%[1]d@example.com","password":"password123"}`, n)
		request, err := http.NewRequest("POST", os.Getenv("ISOJOT_ENDPOINT")+"/account", strings.NewReader(body))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Appwrite-Project", os.Getenv("ISOJOT_PROJECT"))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		response.Body.Close()
		last = response.StatusCode
	}
	fmt.Println(last)
	return 0
}

// childUsesKey lists the users of the server it finds in its environment, by
// the API key that it finds there.
func childUsesKey() int {
	request, err := http.NewRequest("GET", os.Getenv("APPWRITE_ENDPOINT")+"/users", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	request.Header.Set("X-Appwrite-Project", os.Getenv("APPWRITE_PROJECT_ID"))
	request.Header.Set("X-Appwrite-Key", os.Getenv("APPWRITE_API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer response.Body.Close()
	fmt.Println(response.StatusCode, os.Getenv("ISOJOT_API_KEY") == os.Getenv("APPWRITE_API_KEY"))
	return 0
}

// signalSelf sends this process a signal.
func signalSelf(s os.Signal) error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	return self.Signal(s)
}

// childCall moves the clock of the server it finds in its environment.
func childCall() int {
	request, err := http.NewRequest("POST", os.Getenv("ISOJOT_URL")+"/_isojot/clock/advance", strings.NewReader(`{"duration":"60m"}`))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ISOJOT_DEV_TOKEN"))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(body), err)
	return 0
}

// runFor runs the program to its end and returns its exit code and output. A
// server that should have been refused is ended.
func runFor(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, err bytes.Buffer
	code = run(ctx, append([]string{"isojot"}, args...), &out, &err)
	return code, out.String(), err.String()
}

// program is a run of the program that has not ended.
type program struct {
	lines  *bufio.Scanner
	stderr bytes.Buffer // complete when the run has ended
	cancel context.CancelFunc
	code   chan int
}

// start runs the program beside the test, which must call end.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	p := &program{lines: bufio.NewScanner(out), cancel: cancel, code: make(chan int, 1)}
	go func() {
		p.code <- run(ctx, append([]string{"isojot"}, args...), in, &p.stderr)
		in.Close()
	}()
	t.Cleanup(cancel)
	return p
}

// until reads the output up to a line that begins with prefix.
func (p *program) until(t *testing.T, prefix string) (lines []string) {
	t.Helper()
	for p.lines.Scan() {
		lines = append(lines, p.lines.Text())
		if strings.HasPrefix(strings.TrimSpace(p.lines.Text()), prefix) {
			return lines
		}
	}
	t.Fatalf("no line with %q in %q; it ended with code %d and said %s", prefix, lines, <-p.code, p.stderr.String())
	return nil
}

// end waits for the program's end and returns its exit code.
func (p *program) end(t *testing.T) int {
	t.Helper()
	go func() {
		for p.lines.Scan() { // so that its writes do not block
		}
	}()
	select {
	case code := <-p.code:
		return code
	case <-time.After(time.Minute):
		t.Fatal("the program did not end")
		return 0
	}
}
