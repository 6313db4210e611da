package supervise

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// watchEvery is how often memory is looked at where no cgroup bounds it.
const watchEvery = 100 * time.Millisecond

// supervisor is the state of one run.
type supervisor struct {
	spec   *Spec
	home   string
	cgroup *cgroup
	child  int
	report Report
}

// supervise runs spec to its end. It returns when no process of it is left.
func supervise(spec *Spec, control io.Reader) Report {
	s := &supervisor{spec: spec, cgroup: &cgroup{path: spec.Cgroup}}
	s.report.Code = -1
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	if err := s.start(); err != nil {
		s.report.StartError = err.Error()
	} else {
		s.watch(children, commands(control))
	}
	s.killAll()
	if err := errors.Join(s.cgroup.remove(), s.removeHome()); err != nil {
		s.report.Left = err.Error()
	}
	return s.report
}

// commands passes on what the server says; its end of the pipe closing is the
// order to kill.
func commands(control io.Reader) <-chan byte {
	c := make(chan byte)
	go func() {
		var b [1]byte
		for {
			if _, err := io.ReadFull(control, b[:]); err != nil {
				b[0] = commandKill
			}
			c <- b[0]
		}
	}()
	return c
}

func (s *supervisor) start() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("subreaper", err)
	}
	// Programs that change the user, such as sudo, work no more.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("no_new_privs", err)
	}
	if err := s.makeHome(); err != nil {
		return err
	}
	if err := s.cgroup.make(s.spec); err != nil {
		return err
	}
	return s.startChild()
}

func (s *supervisor) makeHome() (err error) {
	if s.home, err = os.MkdirTemp("", "isojot-run-"); err != nil || s.spec.UID == 0 {
		return err
	}
	return os.Lchown(s.home, s.spec.UID, s.spec.UID)
}

func (s *supervisor) removeHome() error {
	if s.home == "" {
		return nil
	}
	err := os.RemoveAll(s.home)
	if errors.Is(err, os.ErrPermission) {
		// The function took away its own folders' write permission.
		allowAll(s.home)
		err = os.RemoveAll(s.home)
	}
	return err
}

// allowAll makes the folders below dir writable, as far as it goes: RemoveAll
// says what it did not do.
func allowAll(dir string) {
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if entry != nil && entry.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
}

func (s *supervisor) startChild() error {
	fds := []uintptr{0, 1, 2}
	for i := range s.spec.Files {
		fds = append(fds, uintptr(firstFD+i))
	}
	attr := &syscall.ProcAttr{
		Dir:   s.spec.Dir,
		Env:   append(s.spec.Env, "HOME="+s.home, "TMPDIR="+s.home),
		Files: fds,
		Sys:   &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL},
	}
	if s.spec.UID != 0 {
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(s.spec.UID), Gid: uint32(s.spec.UID)}
	}
	if s.cgroup.made {
		dir, err := os.Open(s.cgroup.path)
		if err != nil {
			return err
		}
		defer dir.Close()
		attr.Sys.UseCgroupFD, attr.Sys.CgroupFD = true, int(dir.Fd())
	}
	args, err := s.spec.arguments(s.home)
	if err != nil {
		return err
	}
	restore, err := s.limitSelf()
	if err != nil {
		return err
	}
	s.child, _, err = syscall.StartProcess(s.spec.Path, args, attr)
	if restoreErr := restore(); err != nil || restoreErr != nil {
		return errors.Join(err, restoreErr)
	}
	return s.limitChild()
}

// watch waits until the function is over or is to be.
func (s *supervisor) watch(children <-chan os.Signal, orders <-chan byte) {
	ticks, stop := s.ticks()
	defer stop()
	var graceEnd <-chan time.Time
	for {
		select {
		case <-children:
			if s.reap(); s.child == 0 {
				return
			}
		case order := <-orders:
			if order != commandTerminate {
				return
			}
			// A function that is gone already needs no signal.
			_ = unix.Kill(-s.child, unix.SIGTERM)
			graceEnd = time.After(s.spec.Grace)
		case <-ticks:
			if s.memory() > s.spec.Memory {
				s.report.OutOfMemory = true
				return
			}
		case <-graceEnd:
			return
		}
	}
}

// ticks says when to look at the memory: never, where the kernel does.
func (s *supervisor) ticks() (<-chan time.Time, func()) {
	if s.cgroup.made && s.spec.CgroupMemory {
		return nil, func() {}
	}
	ticker := time.NewTicker(watchEvery)
	return ticker.C, ticker.Stop
}

// reap takes note of every child that ended, and reports whether any is left.
func (s *supervisor) reap() bool {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return false // ECHILD
		case pid == 0:
			return true
		case pid == s.child:
			s.ended(status)
		}
	}
}

func (s *supervisor) ended(status unix.WaitStatus) {
	s.child = 0
	if status.Signaled() {
		s.report.Signal = unix.SignalName(status.Signal())
		if s.report.Signal == "" {
			s.report.Signal = "signal " + strconv.Itoa(int(status.Signal()))
		}
	} else {
		s.report.Code = status.ExitStatus()
	}
	if s.report.Code != 0 && s.cgroup.outOfMemory() {
		s.report.OutOfMemory = true
	}
}
