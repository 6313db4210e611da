// Command bench measures the server beside a floor, a net/http handler that
// does what no answer to GET /account by JWT can do without: one HS256 check
// and one indexed join on the same driver. Beside both runs PocketBase. Each is
// a process of its own under the same load, in turn, so that the ratios hold
// when the machine's speed drifts. All traffic is loopback, and bounded in time.
//
//	go run -C internal/bench . [-seconds 2] [-rounds 3] [-connections 32]
//
// With the word fair it measures instead what callers wait for each other, with
// "footprint" the start and the memory of the binary, with "lists" lists of many
// users, and with crowd the memory of the built server, and what honest clients
// wait, beside thousands of slow ones:
//
//	go run -C internal/bench . fair [-seconds 5]
//	go run -C internal/bench . crowd [-senders 4000] [-readers 1000] [-seconds 30]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == childArg {
		return serveChild(context.Background(), args[1])
	}
	if len(args) == 2 && args[0] == honestArg {
		return runHonest(args[1])
	}
	if len(args) > 0 && args[0] == kindFair {
		return fairness(args[1:])
	}
	if len(args) > 0 && args[0] == listsArg {
		return runLists(context.Background(), args[1:])
	}
	if len(args) > 0 && args[0] == footprintArg {
		return runFootprint(context.Background(), args[1:])
	}
	if len(args) > 0 && args[0] == crowdArg {
		return runCrowd(args[1:])
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	seconds := flags.Int("seconds", 2, "how long each measurement lasts, 1 to 60")
	rounds := flags.Int("rounds", 3, "how often each is repeated, 1 to 20; the median counts")
	connections := flags.Int("connections", 32, "connections of the load, 1 to 256")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for name, v := range map[string][3]int{"seconds": {*seconds, 1, 60}, "rounds": {*rounds, 1, 20}, "connections": {*connections, 1, 256}} {
		if v[0] < v[1] || v[0] > v[2] {
			return fmt.Errorf("-%s %d: it must be between %d and %d", name, v[0], v[1], v[2])
		}
	}
	return compare(plan{time.Duration(*seconds) * time.Second, *rounds, *connections})
}

// plan is how much is measured.
type plan struct {
	length      time.Duration
	rounds      int
	connections int
}

// compare starts the servers, measures and prints.
func compare(p plan) error {
	var targets []target
	for _, kind := range []string{kindFloor, kindIsojot, kindPocketBase} {
		c, err := startChild(kind)
		if err != nil {
			return err
		}
		defer c.stop()
		found, err := c.targets()
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		targets = append(targets, found...)
	}
	results := make([][]result, len(targets))
	for range p.rounds {
		for i, t := range targets {
			r, err := measure(t, p)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			results[i] = append(results[i], r)
		}
	}
	print(targets, results)
	return nil
}

// result is one measurement.
type result struct {
	perSecond float64
	p50, p99  time.Duration
	cpu       time.Duration // of the server, for each request
}

// median takes each figure's median by itself.
func median(rs []result) result {
	return result{
		perSecond: middle(rs, func(r result) float64 { return r.perSecond }),
		p50:       middle(rs, func(r result) time.Duration { return r.p50 }),
		p99:       middle(rs, func(r result) time.Duration { return r.p99 }),
		cpu:       middle(rs, func(r result) time.Duration { return r.cpu }),
	}
}

func middle[T float64 | time.Duration](rs []result, of func(result) T) T {
	var all []T
	for _, r := range rs {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func print(targets []target, results [][]result) {
	floor := median(results[0])
	fmt.Printf("%-36s %10s %9s %9s %12s %8s\n", "request", "req/s", "p50 ms", "p99 ms", "CPU us/req", "x floor")
	for i, t := range targets {
		m := median(results[i])
		fmt.Printf("%-36s %10.0f %9.2f %9.2f %12.1f %8.2f\n", t.name, m.perSecond,
			m.p50.Seconds()*1e3, m.p99.Seconds()*1e3, m.cpu.Seconds()*1e6, m.perSecond/floor.perSecond)
	}
}
