// The distill program plays recordings of a real Appwrite server and writes
// what is kept of them in testdata:
//
//	go run ./internal/replay/distill -recordings ../shared/golden
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/isojot/isojot/internal/replay"
)

func main() {
	recordings := flag.String("recordings", "../shared/golden", "the folder of the recordings")
	root := flag.String("root", ".", "the folder of the repository")
	flag.Parse()
	if err := replay.Distill(context.Background(), *recordings, *root); err != nil {
		fmt.Fprintln(os.Stderr, "distill:", err)
		os.Exit(1)
	}
}
