package supervise

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// FindAbilities finds out what this process may do. Cgroup is the folder of a
// cgroup v2 to use; "" is the process's own. FirstUID is the first of count
// users for functions.
func FindAbilities(cgroup string, firstUID, count int) Abilities {
	groups := findCgroups(cgroup)
	a := Abilities{
		Cgroup: groups.path, CgroupMemory: groups.memory, CgroupProcesses: groups.processes,
		Missing: groups.missing,
	}
	switch {
	case firstUID < 0:
		a.miss("a user of its own: switched off; the function can read what the server can, and signal it")
	case !hasCapabilities(unix.CAP_CHOWN, unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_KILL):
		a.miss("a user of its own: the server is not root; the function can read what the server can, and signal it")
	case !HasUsers(firstUID, count):
		a.miss("a user of its own: the users from " + strconv.Itoa(firstUID) + " are not in this user namespace")
	default:
		a.UIDs = true
	}
	if !a.CgroupMemory {
		a.miss("memory: looked at each 100 ms instead of held by the kernel")
	}
	switch {
	case a.CgroupProcesses || a.UIDs:
	case os.Getuid() == 0:
		a.miss("number of processes: nothing limits root's")
	default:
		a.miss("number of processes: by the server's user instead of by function, and approximate")
	}
	return a
}

func (a *Abilities) miss(what string) { a.Missing = append(a.Missing, what) }

// hasCapabilities reads the effective set (capabilities(7)).
func hasCapabilities(capabilities ...int) bool {
	set, err := strconv.ParseUint(readStatus(os.Getpid())["CapEff"], 16, 64)
	for _, c := range capabilities {
		if err != nil || set&(1<<c) == 0 {
			return false
		}
	}
	return true
}

// HasUsers reports whether the count users from first on exist in this user
// namespace (user_namespaces(7)).
func HasUsers(first, count int) bool {
	data, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		inside, _ := strconv.Atoi(fields[0])
		length, _ := strconv.Atoi(fields[2])
		if first >= inside && first+count <= inside+length {
			return true
		}
	}
	return false
}
