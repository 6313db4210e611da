//go:build !unix

package supervise

import (
	"os"
	"syscall"
)

var platformMissing = []string{
	"processes that a function starts are not ended: only on Linux, and by process group on other Unix systems",
	"a function is ended without a warning before: there is no SIGTERM here",
}

func ownGroup() *syscall.SysProcAttr { return nil }

// There is one way to end a process here; one that is gone is no error.
func terminate(p *os.Process) { _ = p.Kill() }
func kill(p *os.Process)      { _ = p.Kill() }

func homeVariables(home string) []string {
	// Windows programs need SystemRoot to load its libraries.
	return []string{"USERPROFILE=" + home, "TEMP=" + home, "TMP=" + home, "SystemRoot=" + os.Getenv("SystemRoot")}
}

func signalName(*os.ProcessState) string { return "" }
