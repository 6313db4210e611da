package supervise

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// task is a process as /proc tells of it.
type task struct {
	pid, parent int
	zombie      bool
	// started is its start in the kernel's own unit: with the pid, it names
	// one process for good.
	started string
}

// readTask reads /proc/PID/stat (proc_pid_stat(5)). The name in it may hold
// anything, so that the fields are counted from its last parenthesis.
func readTask(pid int) (task, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return task{}, false
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 20 {
		return task{}, false
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return task{}, false
	}
	return task{pid, parent, fields[0] == "Z" || fields[0] == "X", fields[19]}, true
}

// descendants are the processes below root, zombies too.
func descendants(root int) []task {
	children := map[int][]task{}
	for _, pid := range processIDs() {
		if t, ok := readTask(pid); ok {
			children[t.parent] = append(children[t.parent], t)
		}
	}
	found := children[root]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i].pid]...)
	}
	return found
}

func processIDs() []int {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	// What could be read is what there is to look at; it is read again anyway.
	names, _ := proc.Readdirnames(-1)
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// killAll kills whatever the function started and waits until it is gone. The
// dead are not collected before no live process is found: until then they fill
// the limit on processes, so that a fork bomb cannot outrun its end.
//
// Only that the kernel knows of no child any more shows that nothing is left,
// since a look at /proc may miss a process that moves: a descendant that lives
// is a child of this process, or has an ancestor that is.
func (s *supervisor) killAll() {
	for {
		s.cgroup.kill()
		if !killDescendants(os.Getpid()) && !s.reap() {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// killDescendants reports whether it found any that lived.
func killDescendants(root int) bool {
	found := false
	for _, t := range descendants(root) {
		if !t.zombie {
			found = true
			t.kill()
		}
	}
	return found
}

// kill kills exactly this process: by a handle, and only if the handle is not
// one of another process that got the pid since. That the process is gone
// already is no error.
func (t task) kill() {
	fd, err := unix.PidfdOpen(t.pid, 0)
	if errors.Is(err, unix.ENOSYS) { // before Linux 5.3
		_ = unix.Kill(t.pid, unix.SIGKILL)
		return
	}
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if now, ok := readTask(t.pid); ok && now.started == t.started {
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
	}
}

// memory is what the function's processes hold that no file backs, in bytes.
func (s *supervisor) memory() int64 {
	var sum int64
	for _, t := range descendants(os.Getpid()) {
		sum += taskMemory(t.pid)
	}
	return sum
}

// taskMemory is the memory of one process, 0 when it is gone.
func taskMemory(pid int) int64 {
	status := readStatus(pid)
	var sum int64
	for _, name := range []string{"RssAnon", "RssShmem", "VmSwap"} {
		// A kernel thread, and a process on its way out, have none.
		kb, _ := strconv.ParseInt(strings.TrimSuffix(status[name], " kB"), 10, 64)
		sum += kb << 10
	}
	return sum
}

// readStatus reads /proc/PID/status (proc_pid_status(5)); nothing when the
// process is gone.
func readStatus(pid int) map[string]string {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return nil
	}
	status := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, ":")
		status[name] = strings.TrimSpace(value)
	}
	return status
}
