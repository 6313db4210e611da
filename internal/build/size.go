package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
)

// sizeLimit bounds our program's size in brotli, as a multiple of the hello
// program's: above it `make check` fails. It only ever goes down.
const sizeLimit = 1.42

// measure is the size of one program in bytes.
type measure struct {
	name              string
	raw, gzip, brotli int64
}

// sizeCommand builds all programs with the same flags in the same run, so that
// the ratio does not depend on the toolchain, and prints their sizes. What is
// counted from is the hello program as the toolchain makes it; with its data
// segments joined, as ours are, it is listed too.
func sizeCommand(ctx context.Context, repo string, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("size", flag.ContinueOnError)
	check := flags.Bool("check", false, "fail above the limit")
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	measures, err := measureAll(ctx, repo)
	if err != nil {
		return err
	}
	hello, ours := measures[1], measures[3]
	if err := printMeasures(out, measures, hello); err != nil {
		return err
	}
	ratio := float64(ours.brotli) / float64(hello.brotli)
	fmt.Fprintf(out, "isojot / hello in brotli: %.3f (limit %.2f)\n", ratio, sizeLimit)
	if *check && ratio > sizeLimit {
		return fmt.Errorf("isojot.wasm is %.3f times the hello program in brotli, the limit is %.2f: look for a new import (go list -deps -overlay=bin/wasm.overlay.json ./wasm with GOOS=js GOARCH=wasm)", ratio, sizeLimit)
	}
	return nil
}

// measureAll returns the empty program, the hello program, that one with its data
// segments joined, and ours, in this order.
func measureAll(ctx context.Context, repo string) ([]measure, error) {
	dir, err := os.MkdirTemp("", "isojot-size-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tools := filepath.Join(repo, "internal", "build")
	programs := []struct {
		name  string
		build func(target string) error
	}{
		{"empty", func(target string) error { return buildWasm(ctx, tools, "./floor/empty", target) }},
		{"hello", func(target string) error { return buildWasm(ctx, tools, "./floor/hello", target) }},
		{"hello, joined", func(target string) error { return buildJoined(ctx, tools, "./floor/hello", target) }},
		{"isojot", func(target string) error { return buildProgram(ctx, repo, target) }},
	}
	var measures []measure
	for _, p := range programs {
		file := filepath.Join(dir, p.name+".wasm")
		if err := p.build(file); err != nil {
			return nil, err
		}
		m, err := measureFile(p.name, file)
		if err != nil {
			return nil, err
		}
		measures = append(measures, m)
	}
	return measures, nil
}

func measureFile(name, path string) (measure, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return measure{}, err
	}
	zipped, err := gzipBest(data)
	if err != nil {
		return measure{}, err
	}
	squeezed, err := brotliBest(data)
	if err != nil {
		return measure{}, err
	}
	return measure{name, int64(len(data)), int64(len(zipped)), int64(len(squeezed))}, nil
}

// printMeasures writes a table in kB (1000 bytes) with each program's brotli
// size as a multiple of floor's.
func printMeasures(out io.Writer, measures []measure, floor measure) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "program\traw kB\tgzip -9\tbrotli 11\tx hello\t")
	for _, m := range measures {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.3f\t\n", m.name, kilobytes(m.raw), kilobytes(m.gzip), kilobytes(m.brotli),
			float64(m.brotli)/float64(floor.brotli))
	}
	return w.Flush()
}
