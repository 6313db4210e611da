package pgtest

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is one that runs.
type process struct {
	cmd  *exec.Cmd
	over chan struct{} // closed when it has ended
}

// begin starts a process. The thread that starts it lives as long as it does,
// since its end is what ends the process should these tests be killed.
func begin(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd, make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is for its log to say
			close(p.over)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// end asks the process to end, and kills it when it does not.
func (p *process) end(signal syscall.Signal) {
	_ = p.cmd.Process.Signal(signal) // it may be over
	select {
	case <-p.over:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.over
	}
}
