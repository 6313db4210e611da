// The cmd program plays scenarios of the recordings against this repository's
// server and prints what differs:
//
//	go run ./internal/replay/cmd -file mfa-totp
//	go run ./internal/replay/cmd -file '^users' -summary
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/isojot/isojot/internal/replay"
)

func main() {
	var s replay.Show
	name := flag.String("recordings", "golden2", "which recordings: golden or golden2")
	root := flag.String("root", ".", "the folder of the repository")
	flag.StringVar(&s.Scenarios, "file", "", "play the scenarios whose names match this regular expression only")
	flag.BoolVar(&s.Summary, "summary", false, "print the numbers of each scenario only")
	flag.IntVar(&s.Width, "width", 300, "cut values off after so many bytes")
	flag.Parse()
	if err := replay.Print(context.Background(), os.Stdout, *name, *root, s); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}
