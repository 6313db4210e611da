package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/isojot/isojot/internal/crowd"
)

// honestArg makes this program the honest clients: a process of its own, so that
// they do not wait for the crowd's.
const honestArg = "crowd-honest"

// honestTask is what the honest clients are told on their command line.
type honestTask struct {
	crowd.Honest
	Seconds int
}

// honestReport is what they answer.
type honestReport struct {
	Reads, SignIns crowd.Times
	Failed         int
	Fault          string // of one that failed
}

// timed runs the honest clients for as long as planned.
func (p crowdPlan) timed(ctx context.Context, h crowd.Honest) (honestReport, error) {
	var report honestReport
	task, err := json.Marshal(honestTask{h, p.seconds})
	if err != nil {
		return report, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0], honestArg, string(task))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return report, fmt.Errorf("honest clients: %w", err)
	}
	return report, json.Unmarshal(out, &report)
}

// runHonest is the process of the honest clients.
func runHonest(text string) error {
	var task honestTask
	if err := json.Unmarshal([]byte(text), &task); err != nil {
		return err
	}
	goFirst()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(task.Seconds)*time.Second)
	defer cancel()
	o := task.Run(ctx)
	report := honestReport{Reads: o.Reads, SignIns: o.SignIns, Failed: o.Failed}
	if o.Err != nil {
		report.Fault = o.Err.Error()
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}
