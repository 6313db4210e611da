package supervise

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// cgroup is the cgroup v2 of one run (Documentation/admin-guide/cgroup-v2.rst
// of Linux). Without a path there is none, and its methods do nothing.
type cgroup struct {
	path string
	made bool
}

func (c *cgroup) make(spec *Spec) error {
	if c.path == "" {
		return nil
	}
	if err := os.Mkdir(c.path, 0o700); err != nil {
		return err
	}
	c.made = true
	if spec.CgroupProcesses {
		if err := c.write("pids.max", strconv.Itoa(spec.Processes)); err != nil {
			return err
		}
	}
	if !spec.CgroupMemory {
		return nil
	}
	// Not every kernel has these two; memory.max holds without them.
	for name, value := range map[string]string{"memory.swap.max": "0", "memory.oom.group": "1"} {
		if err := c.write(name, value); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return c.write("memory.max", strconv.FormatInt(spec.Memory, 10))
}

func (c *cgroup) write(name, value string) error { return writeTo(filepath.Join(c.path, name), value) }

// writeTo writes to a file of the kernel's, which must be there.
func writeTo(name, value string) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(value)
	return errors.Join(err, file.Close())
}

// kill kills all processes of the cgroup at once, where Linux is 5.14 or later;
// what it misses, the walk through /proc finds.
func (c *cgroup) kill() {
	if c.made {
		_ = c.write("cgroup.kill", "1")
	}
}

// outOfMemory reports whether the kernel killed a process of it for memory.
func (c *cgroup) outOfMemory() bool {
	if !c.made {
		return false
	}
	data, err := os.ReadFile(filepath.Join(c.path, "memory.events"))
	return err == nil && bytes.Contains(data, []byte("oom_kill ")) && !bytes.Contains(data, []byte("oom_kill 0\n"))
}

// remove removes the cgroup, which the kernel may hold for a moment after its
// last process is gone.
func (c *cgroup) remove() error {
	if !c.made {
		return nil
	}
	var err error
	for range 100 {
		if err = os.Remove(c.path); err == nil || !errors.Is(err, unix.EBUSY) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return err
}
