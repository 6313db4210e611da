package supervise

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// IO is what a function reads and writes.
type IO struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Files become its file descriptors from 3 on. Start closes them here.
	Files []*os.File
}

// waitDelay is how long output may still come once the function is gone: it may
// have handed its end of a pipe to a process that is none of its own.
const waitDelay = time.Second

// Abilities is what this machine lets a function be held to.
type Abilities struct {
	// UIDs says that a function can have a user of its own.
	UIDs bool
	// Cgroup is the folder below which a run's cgroup can be made, else "".
	Cgroup string
	// CgroupMemory and CgroupProcesses are for Spec.
	CgroupMemory, CgroupProcesses bool
	// Missing says what cannot be done, and why, one sentence each.
	Missing []string
}

// arguments writes the script to home and returns what the program gets.
func (s *Spec) arguments(home string) ([]string, error) {
	if s.Script == "" {
		return s.Args, nil
	}
	path := filepath.Join(home, s.ScriptName)
	return append(slices.Clip(s.Args), path), os.WriteFile(path, []byte(s.Script), 0o644)
}

// Close closes files that are pipes' ends, of which nothing is written back.
func Close(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
