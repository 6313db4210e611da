package supervise

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// cgroups is a cgroup below which runs get cgroups of their own.
type cgroups struct {
	// path is its folder, "" where there is none that can be used.
	path string
	// memory and processes say which limits can be set below it.
	memory, processes bool
	// missing says what is missing and why.
	missing []string
}

// findCgroups finds out what can be done below path, or below the process's own
// cgroup where path is "".
func findCgroups(path string) cgroups {
	if path == "" {
		own, err := ownCgroup()
		if err != nil {
			return cgroups{missing: []string{"no cgroup: " + err.Error()}}
		}
		path = own
	}
	c := cgroups{path: path}
	if err := c.probe(); err != nil {
		return cgroups{missing: []string{fmt.Sprintf("no cgroup below %s: %v", path, err)}}
	}
	c.memory = c.enable("memory")
	c.processes = c.enable("pids")
	return c
}

// probe makes a cgroup and removes it.
func (c *cgroups) probe() error {
	probe, err := os.MkdirTemp(c.path, "isojot-probe-")
	if err != nil {
		return err
	}
	_, missing := os.Stat(filepath.Join(probe, "cgroup.procs"))
	return errors.Join(missing, os.Remove(probe))
}

// enable makes a controller available below c.
func (c *cgroups) enable(controller string) bool {
	const control = "cgroup.subtree_control"
	if c.has(control, controller) {
		return true
	}
	if !c.has("cgroup.controllers", controller) {
		c.missing = append(c.missing, fmt.Sprintf("the cgroup %s has no %s controller", c.path, controller))
		return false
	}
	if err := writeTo(filepath.Join(c.path, control), "+"+controller); err != nil {
		c.missing = append(c.missing, fmt.Sprintf("the cgroup %s does not pass on its %s controller: %v", c.path, controller, err))
		return false
	}
	return true
}

func (c *cgroups) has(file, word string) bool {
	data, err := os.ReadFile(filepath.Join(c.path, file))
	return err == nil && slices.Contains(strings.Fields(string(data)), word)
}

// ownCgroup is the folder of the process's own cgroup v2.
func ownCgroup() (string, error) {
	mount, err := lineField("/proc/self/mounts", func(f []string) string {
		if len(f) > 2 && f[2] == "cgroup2" {
			return f[1]
		}
		return ""
	})
	if err != nil {
		return "", errors.New("cgroup v2 is not mounted")
	}
	own, err := lineField("/proc/self/cgroup", func(f []string) string {
		path, _ := strings.CutPrefix(strings.Join(f, " "), "0::")
		if len(path) > 0 && path[0] == '/' {
			return path
		}
		return ""
	})
	if err != nil {
		return "", errors.New("the process is in no cgroup v2")
	}
	return filepath.Join(mount, own), nil
}

// lineField is what pick finds first in the fields of a file's lines.
func lineField(name string, pick func([]string) string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if found := pick(strings.Fields(lines.Text())); found != "" {
			return found, nil
		}
	}
	return "", errors.Join(os.ErrNotExist, lines.Err())
}
