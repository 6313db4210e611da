// Command run starts the servers that the root package's tests call, and runs
// its arguments with their addresses in the environment. Tests compiled to
// WebAssembly cannot listen themselves.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"

	"github.com/isojot/isojot/internal/testpeer"
	"github.com/isojot/isojot/server"
)

func main() {
	err := run(os.Args[1:])
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "testpeer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("no command to run")
	}
	handler, err := server.New(context.Background(), server.Options{Memory: true, Functions: []server.Function{
		{ID: "echo", Handler: http.HandlerFunc(testpeer.Function), Execute: []string{"any"}},
	}})
	if err != nil {
		return err
	}
	defer handler.Close()
	api := httptest.NewServer(handler)
	defer api.Close()
	peer := httptest.NewServer(testpeer.Handler())
	defer peer.Close()
	dead, err := deadURL()
	if err != nil {
		return err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		testpeer.EndpointVar+"="+api.URL+"/v1",
		testpeer.PeerVar+"="+peer.URL,
		testpeer.DeadVar+"="+dead,
	)
	return cmd.Run()
}

// deadURL names a port that was free a moment ago.
func deadURL() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return "http://" + l.Addr().String(), l.Close()
}
