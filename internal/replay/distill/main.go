// The distill program plays recordings of a real Appwrite server and writes
// what is kept of them in testdata:
//
//	go run ./internal/replay/distill -recordings golden2
//
// ISOJOT_GOLDEN and ISOJOT_GOLDEN2 name the folders of the recordings; without
// them they lie beside the repository, in ../shared.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/isojot/isojot/internal/replay"
)

func main() {
	name := flag.String("recordings", "golden", "which recordings: golden or golden2")
	root := flag.String("root", ".", "the folder of the repository")
	flag.Parse()
	if err := replay.Distill(context.Background(), *name, *root); err != nil {
		fmt.Fprintln(os.Stderr, "distill:", err)
		os.Exit(1)
	}
}
