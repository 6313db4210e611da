package supervise

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// limitSelf sets the limits that a child takes over from this process, and
// returns what undoes those that would hold this process too.
func (s *supervisor) limitSelf() (restore func() error, err error) {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return nil, os.NewSyscallError("setrlimit core", err)
	}
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NPROC, &old); err != nil {
		return nil, os.NewSyscallError("getrlimit nproc", err)
	}
	limit := min(s.processLimit(), old.Max)
	if s.spec.UID != 0 {
		// For good: the kernel counts by user, and so does not count the
		// function against this process.
		return func() error { return nil }, setProcessLimit(limit, limit)
	}
	// The supervisor is to make threads of its own whatever the function does.
	return func() error { return setProcessLimit(old.Cur, old.Max) }, setProcessLimit(limit, old.Max)
}

func setProcessLimit(soft, hard uint64) error {
	return os.NewSyscallError("setrlimit nproc", unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: soft, Max: hard}))
}

// limitChild sets what can only be set from outside. That the function is gone
// already is no error, nor that it hides from this process: it has the limit,
// but may raise it.
func (s *supervisor) limitChild() error {
	// Where memory runs out, the kernel is to take the function first: a wish,
	// without which everything works.
	_ = writeTo(fmt.Sprintf("/proc/%d/oom_score_adj", s.child), "1000")
	if s.spec.UID != 0 {
		return nil
	}
	limit := s.processLimit()
	err := unix.Prlimit(s.child, unix.RLIMIT_NPROC, &unix.Rlimit{Cur: limit, Max: limit}, nil)
	if errors.Is(err, unix.ESRCH) || errors.Is(err, unix.EPERM) {
		return nil
	}
	return os.NewSyscallError("prlimit nproc", err)
}

// processLimit is the bound on processes and threads of the function's user.
// Where the supervisor is held to it too, those that its user has now come on
// top. It holds everybody but the system's own root.
func (s *supervisor) processLimit() uint64 {
	limit := uint64(s.spec.Processes)
	if s.spec.UID == 0 || !HasUsers(0, 1<<31) {
		limit += threadsOf(os.Getuid())
	}
	return limit
}

// threadsOf counts the threads of a user.
func threadsOf(uid int) uint64 {
	var sum uint64
	for _, pid := range processIDs() {
		status := readStatus(pid)
		if owner, _, _ := strings.Cut(status["Uid"], "\t"); owner == strconv.Itoa(uid) {
			threads, _ := strconv.ParseUint(status["Threads"], 10, 64)
			sum += threads
		}
	}
	return sum
}
