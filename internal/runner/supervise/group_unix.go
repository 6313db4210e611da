//go:build unix && !linux

package supervise

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

var platformMissing = []string{
	"processes that a function moves to a session or process group of their own are not ended: only on Linux",
}

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// terminate and kill reach the whole group; one that is gone needs no signal.
func terminate(p *os.Process) { _ = unix.Kill(-p.Pid, unix.SIGTERM) }
func kill(p *os.Process)      { _ = unix.Kill(-p.Pid, unix.SIGKILL) }

func homeVariables(home string) []string { return []string{"HOME=" + home, "TMPDIR=" + home} }

func signalName(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return ""
	}
	return unix.SignalName(status.Signal())
}
