// Package supervise starts one function and makes sure that nothing of it is
// left. On Linux a supervisor stands between the server and the function: the
// server's own binary, started again under another name. It alone is the
// function's subreaper, so whatever the function starts stays below it in the
// process tree, however often it forks and whatever session it moves to, and
// the embedding program's own children are not touched. It also notices when
// the server is gone, and ends the function then.
//
// A program needs nothing but to import this package: its init takes over when
// the process was started as a supervisor. The init functions of packages that
// come before it run in a supervisor too, main does not.
package supervise

import "time"

// Spec is what the supervisor is to start.
type Spec struct {
	// Path is the program, absolute; Args begin with its name.
	Path string
	Args []string
	Dir  string
	// Script, unless it is "", is written to a file in HOME with the name
	// ScriptName, whose path becomes the last argument.
	Script, ScriptName string
	// Env is the whole environment, but for HOME and TMPDIR: the supervisor
	// makes an empty folder and sets both to it.
	Env []string
	// Files is the number of files beyond standard error that the function gets.
	Files int

	// UID is the user and group of the function; 0 keeps the server's.
	UID int
	// Cgroup is the folder of a cgroup, not made yet; "" makes none.
	Cgroup string
	// CgroupMemory and CgroupProcesses say that the cgroup can set these limits.
	CgroupMemory, CgroupProcesses bool

	// Memory bounds all processes together, in bytes.
	Memory int64
	// Processes bounds the number of processes and threads.
	Processes int
	// Grace is how long the function may go on after it was asked to end.
	Grace time.Duration
}

// Report is what the supervisor says when the function and all it started are
// gone.
type Report struct {
	// StartError says why the function could not be started, else "".
	StartError string
	// Code is the exit code, or -1 when a signal ended it.
	Code int
	// Signal is the name of that signal, else "".
	Signal string
	// OutOfMemory says that it was ended for using more than Spec.Memory.
	OutOfMemory bool
	// Left says what could not be cleaned up, else "".
	Left string
}
