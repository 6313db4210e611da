package runner

import (
	"context"
	"fmt"
	"os"
)

// serverMode is the first argument of this test's binary as a server that runs
// one command until it is killed.
const serverMode = "run-as-server"

func runAsServer(args []string) {
	r, err := Command(Config{Env: map[string]string{"MARKER": args[0]}}, args[1], args[2:]...)
	if err == nil {
		_, err = r.Run(context.Background(), &Request{Method: "GET", Path: "/"})
	}
	fmt.Fprintln(os.Stderr, "the server was to be killed:", err)
	os.Exit(1)
}
