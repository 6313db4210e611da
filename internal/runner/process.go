package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/isojot/isojot/internal/runner/supervise"
)

// process runs a program, each time as a new process.
type process struct {
	Config
	pool      *pool
	abilities supervise.Abilities
	program   string
	args      []string // its name first
	dir       string
	script    string // becomes a file, and the last argument
	limits    []string
}

// newProcess prepares to run program with args. files are what it must be able to
// read.
func newProcess(c Config, program string, args []string, dir string, files ...string) *process {
	p := &process{Config: c, pool: &theProgram, program: program, args: args, dir: dir}
	p.abilities = supervise.FindAbilities(c.Cgroup, c.FirstUID, userSlots)
	p.limits = slices.Clone(p.abilities.Missing)
	if !p.abilities.UIDs {
		return p
	}
	if err := openToAll(append([]string{dir, program}, files...)); err != nil {
		p.abilities.UIDs = false
		p.limits = append(p.limits, fmt.Sprintf("a user of its own: %v, so the function runs as the server's user, root", err))
	}
	return p
}

// openToAll returns an error that says what keeps an unprivileged user from the
// files of a function, or from its home.
func openToAll(files []string) error {
	for _, file := range files {
		if err := allowsAll(file, 0o004); err != nil {
			return fmt.Errorf("%w; make it readable by all (chmod o+rX)", err)
		}
	}
	// Runs have their homes there, each one's own.
	if err := allowsAll(os.TempDir(), 0); err != nil {
		return fmt.Errorf("its home would be out of reach: %w; let all go through it (chmod o+x), or name another folder for temporary files (TMPDIR)", err)
	}
	return nil
}

// Limits lists the limits that this machine cannot hold the function to, and why.
func (p *process) Limits() []string { return slices.Clone(p.limits) }

// OwnUsers reports whether the function runs as users of its own.
func (p *process) OwnUsers() bool { return p.abilities.UIDs }

// Close does nothing: nothing is kept between runs.
func (p *process) Close() error { return nil }

// allowsAll returns an error that says what keeps an unprivileged user from a
// file, a program or a folder: from going through it, or from the rights in want.
func allowsAll(path string, want os.FileMode) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	for {
		info, err := os.Stat(real)
		if err != nil {
			return err
		}
		if info.IsDir() || info.Mode()&0o111 != 0 {
			want |= 0o001
		}
		if info.Mode()&want != want {
			return fmt.Errorf("not everybody may use %s", real)
		}
		if filepath.Dir(real) == real {
			return nil
		}
		// Going through a folder needs no right to list it.
		real, want = filepath.Dir(real), 0
	}
}

// running is a process that runs.
type running struct {
	*supervise.Process
	process *process
	// stopWatch ends the watch over the context, and reports whether the context
	// had not ended before.
	stopWatch func() bool
	stopKill  func() bool
	release   func()
}

// start starts the process, for the function with that number. The process is
// terminated when ctx is done, and killed when over is.
func (p *process) start(ctx, over context.Context, number int, env []string, streams supervise.IO) (*running, error) {
	spec, release, err := p.spec(number, env)
	if err != nil {
		supervise.Close(streams.Files)
		return nil, err
	}
	started, err := supervise.Start(spec, streams)
	if err != nil {
		release()
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	return &running{
		started, p, context.AfterFunc(ctx, started.Terminate), context.AfterFunc(over, started.Kill), release,
	}, nil
}

func (p *process) spec(number int, env []string) (*supervise.Spec, func(), error) {
	spec := &supervise.Spec{
		Path: p.program, Args: p.args, Dir: p.dir, Env: env, Script: p.script, ScriptName: "isojot.cjs",
		CgroupMemory: p.abilities.CgroupMemory, CgroupProcesses: p.abilities.CgroupProcesses,
		Memory: p.Memory, Processes: p.Processes, Grace: p.Grace,
	}
	if p.abilities.Cgroup != "" {
		spec.Cgroup = filepath.Join(p.abilities.Cgroup, p.pool.cgroupName())
	}
	if !p.abilities.UIDs {
		return spec, func() {}, nil
	}
	first, err := p.firstUser(number)
	if err != nil {
		return nil, nil, err
	}
	uid, release, err := p.pool.takeUser(first)
	spec.UID = uid
	return spec, release, err
}

// firstUser is the first of the users of the function with that number.
func (p *process) firstUser(number int) (int, error) {
	first := p.FirstUID + number*userSlots
	if number < 0 || number > maxNumber || !supervise.HasUsers(first, userSlots) {
		return 0, fmt.Errorf("%w: there are no users for it: its number is %d, and the user namespace has none from %d on", ErrStart, number, first)
	}
	return first, nil
}

// wait waits until the process and all it started are gone. interrupted reports
// whether its context ended it, and err says why it did not end well.
func (r *running) wait() (interrupted bool, err error) {
	report, err := r.Wait()
	r.release()
	r.stopKill()
	interrupted = !r.stopWatch()
	switch {
	case err != nil:
		return interrupted, fmt.Errorf("%w: %w", ErrCrashed, err)
	case report.StartError != "":
		return false, fmt.Errorf("%w: %s: %s", ErrStart, filepath.Base(r.process.program), report.StartError)
	case report.OutOfMemory:
		return false, fmt.Errorf("%w: it used more than %d MiB of memory", ErrCrashed, r.process.Memory>>20)
	case report.Signal != "":
		return interrupted, fmt.Errorf("%w: ended by %s", ErrCrashed, report.Signal)
	case report.Code != 0:
		return interrupted, fmt.Errorf("%w: exit code %d", ErrCrashed, report.Code)
	case report.Left != "":
		return interrupted, fmt.Errorf("%w: its temporary files could not be removed: %s", ErrCrashed, report.Left)
	}
	return interrupted, nil
}

// findProgram is the absolute path of a program: a path below dir, or a name
// on PATH.
func findProgram(name, dir string) (string, error) {
	if strings.ContainsRune(filepath.ToSlash(name), '/') {
		path, err := absolute(name, dir)
		if err != nil {
			return "", err
		}
		name = path
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%w: there is no program %s on PATH", ErrStart, strconv.Quote(name))
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrStart, err)
	}
	return filepath.Abs(path)
}

// absolute is the absolute form of a path that begins at dir.
func absolute(path, dir string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrStart, err)
	}
	return path, nil
}

// workingDir is the folder that a function runs in: dir, else otherwise.
func workingDir(dir, otherwise string) (string, error) {
	path, err := absolute(orDefault(dir, otherwise), "")
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrStart, err)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%w: %s is not a folder", ErrStart, path)
	}
	return path, nil
}
