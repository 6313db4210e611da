package runner

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What holds where Config says nothing.
const (
	DefaultOutput    = 10 << 20
	DefaultLogs      = 1_000_000
	DefaultMemory    = 512 << 20
	DefaultProcesses = 128
	DefaultGrace     = 500 * time.Millisecond
	DefaultFirstUID  = 70_000
)

// Bounds of Config.
const (
	MinMemory  = 16 << 20
	MaxMemory  = 1 << 40
	MaxEnv     = 100    // variables
	MaxEnvSize = 65_536 // bytes of a variable, name and value
)

// Config says how a function is run. The zero Config is a good one. What only
// processes have does nothing for a URL or a handler.
type Config struct {
	// Dir is the folder that paths in the target begin at, and the working
	// directory. "" is the server's own folder for the first, and for the
	// second the folder of the file that is run.
	Dir string
	// Env is what the function's environment has beside its description. It
	// cannot set names that begin with APPWRITE_FUNCTION_, APPWRITE_VERSION and
	// APPWRITE_REGION.
	Env map[string]string
	// Node is the path of Node.js; "" finds it on PATH.
	Node string

	// Output bounds an answer's body, in bytes.
	Output int
	// Logs bounds the logs and the errors of a run, each, in bytes.
	Logs int
	// Memory bounds the memory of all processes together, in bytes.
	Memory int64
	// Processes bounds the number of processes and threads. Node.js has 11.
	Processes int
	// Grace is how long a process may go on after SIGTERM.
	Grace time.Duration

	// FirstUID is the first of the users and groups that functions run as, where
	// the server is root on Linux: 256 for each function, from FirstUID plus 256
	// times its number on, and each run as one of its own. Negative: they run as
	// the server's user.
	FirstUID int
	// Cgroup is the folder of a cgroup v2 below which runs get cgroups of
	// their own; "" is the server's own cgroup.
	Cgroup string

	// runtime is what runs the function.
	runtime runtimeInfo
}

// runtimeInfo names what runs a function, such as Node.js 22; the version is ""
// where it is not known.
type runtimeInfo struct{ name, version string }

// environmentName is what a shell can name (POSIX, 8.1 of the base definitions).
var environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reserved begins the names of variables that describe the call, as do those of
// reservedNames.
const reserved = "APPWRITE_FUNCTION_"

var reservedNames = []string{"APPWRITE_VERSION", "APPWRITE_REGION"}

// checked is c with the defaults in it, and a copy of its map.
func (c Config) checked() (Config, error) {
	c.Output = orDefault(c.Output, DefaultOutput)
	c.Logs = orDefault(c.Logs, DefaultLogs)
	c.Memory = orDefault(c.Memory, DefaultMemory)
	c.Processes = orDefault(c.Processes, DefaultProcesses)
	c.Grace = orDefault(c.Grace, DefaultGrace)
	c.FirstUID = orDefault(c.FirstUID, DefaultFirstUID)
	c.Env = maps.Clone(c.Env)
	switch {
	case c.Output < 0, c.Logs < 0, c.Processes < 0, c.Grace < 0:
		return c, fmt.Errorf("%w: output, logs, processes and grace must not be negative", ErrStart)
	case c.Memory < MinMemory || c.Memory > MaxMemory:
		return c, fmt.Errorf("%w: memory is %d bytes, it must be between %d and %d", ErrStart, c.Memory, int64(MinMemory), int64(MaxMemory))
	}
	return c, checkEnv(c.Env)
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func checkEnv(env map[string]string) error {
	if len(env) > MaxEnv {
		return fmt.Errorf("%w: it has %d environment variables, %d are allowed", ErrStart, len(env), MaxEnv)
	}
	for name, value := range env {
		switch {
		case !environmentName.MatchString(name):
			return fmt.Errorf("%w: the environment variable %q: a name has letters, digits and underscores, and no digit first", ErrStart, name)
		case strings.HasPrefix(name, reserved), slices.Contains(reservedNames, name):
			return fmt.Errorf("%w: the environment variable %s: names that begin with %s, and %s, describe the call and cannot be set", ErrStart, name, reserved, strings.Join(reservedNames, " and "))
		case strings.ContainsRune(value, 0):
			return fmt.Errorf("%w: the environment variable %s holds a NUL character", ErrStart, name)
		case len(name)+len(value) > MaxEnvSize:
			return fmt.Errorf("%w: the environment variable %s is longer than %d bytes", ErrStart, name, MaxEnvSize)
		}
	}
	return nil
}
