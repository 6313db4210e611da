package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// footprintArg makes this program measure the start and the memory of the binary.
const footprintArg = "footprint"

// runFootprint builds the binary, and prints how long it takes to answer when its
// folder is new, and what memory it has then and after 1,000 requests:
//
//	go run -C internal/bench . footprint [-starts 9]
func runFootprint(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench footprint", flag.ContinueOnError)
	starts := flags.Int("starts", 9, "how often the server is started, 1 to 100; the median counts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *starts < 1 || *starts > 100 {
		return fmt.Errorf("-starts %d: it must be between 1 and 100", *starts)
	}
	dir, err := os.MkdirTemp("", "isojot-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "isojot")
	build := exec.CommandContext(ctx, "go", "build", "-C", "../..", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/isojot")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	var took []time.Duration
	for i := range *starts {
		p, err := startProcess(binary, filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		took = append(took, p.took)
		if i == *starts-1 {
			err = p.measureMemory(ctx)
		}
		if err := errors.Join(err, p.stop()); err != nil {
			return err
		}
	}
	slices.Sort(took)
	fmt.Printf("%-52s %9.0f ms (%.0f to %.0f)\n", "start on a new folder, until it answers", took[len(took)/2].Seconds()*1e3,
		took[0].Seconds()*1e3, took[len(took)-1].Seconds()*1e3)
	return nil
}

// process is a server of the binary.
type process struct {
	cmd      *exec.Cmd
	endpoint string
	took     time.Duration
}

// startProcess starts a server in a folder, and waits until it answers.
func startProcess(binary, dir string) (*process, error) {
	p := &process{cmd: exec.Command(binary, "serve", "--dev", "--data", dir, "--addr", "127.0.0.1:0")}
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(stdout); p.endpoint == "" && lines.Scan(); {
		if name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " "); name == "endpoint" {
			p.endpoint = strings.TrimSpace(value)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	res, err := http.Get(p.endpoint + "/health/version")
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	p.took = time.Since(start)
	return p, res.Body.Close()
}

// stop ends the server.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// measureMemory prints the memory of the process before and after requests.
func (p *process) measureMemory(ctx context.Context) error {
	if err := p.printMemory("memory after the start"); err != nil {
		return err
	}
	guest, err := isojot.NewClient(p.endpoint, server.DefaultProject)
	if err != nil {
		return err
	}
	if _, err := guest.Account.Create(ctx, isojot.CreateAccount{Email: email, Password: password, Name: "Ada"}); err != nil {
		return err
	}
	var client *isojot.Client
	for range 5 {
		session, err := guest.Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: email, Password: password})
		if err != nil {
			return err
		}
		if client, err = guest.With(isojot.WithSession(session.Secret)); err != nil {
			return err
		}
	}
	for range 1000 {
		if _, err := client.Account.Get(ctx); err != nil {
			return err
		}
	}
	return p.printMemory("memory after 5 sign-ins and 1,000 GET /account")
}

// printMemory prints what the system says that the process has, if it does.
func (p *process) printMemory(when string) error {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var now, most int
	for line := range strings.Lines(string(text)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d", &now)
		_, _ = fmt.Sscanf(line, "VmHWM: %d", &most)
	}
	fmt.Printf("%-52s %9.0f MB (%.0f at most)\n", when, float64(now)/1024, float64(most)/1024)
	return err
}
