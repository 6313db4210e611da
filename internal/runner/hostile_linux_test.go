package runner

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The hostile functions do all that they can to stay, or to take the server
// with them. Each gets the marker as its last argument and in its environment,
// and hands it on, so that whatever is left of it can be found.

// hostileTime is the timeout of a function that would go on for ever: these
// tests kill real processes, which takes real time.
const hostileTime = 700 * time.Millisecond

// hostileMemory and hostileProcesses are what a hostile function may have.
const (
	hostileMemory    = 128 << 20
	hostileProcesses = 40
)

// isolations are the ways in which functions are held, best first.
func isolations() map[string]Config {
	base := Config{Memory: hostileMemory, Processes: hostileProcesses, Grace: 100 * time.Millisecond}
	if os.Getuid() != 0 {
		return map[string]Config{"as far as it goes without root": base}
	}
	noCgroup, noUser, neither := base, base, base
	noCgroup.Cgroup, neither.Cgroup = "/nowhere", "/nowhere"
	noUser.FirstUID, neither.FirstUID = -1, -1
	return map[string]Config{"cgroup and user": base, "user": noCgroup, "cgroup": noUser, "neither": neither}
}

type hostile struct {
	name string
	// sh or js is what it does.
	sh, js string
	want   error // nil: it answers
	says   string
	status int
	logs   string
	// dies says that it ends by itself, and so is given all the time it needs.
	dies bool
	// once says that it does not try to stay, which is what differs by isolation.
	once bool
}

var hostiles = []hostile{
	{name: "infinite loop", sh: `while :; do :; done`, want: ErrTimeout},
	{name: "never answers", sh: `exec sleep 1000`, want: ErrTimeout},
	{name: "ignores SIGTERM", sh: `trap "" TERM; while :; do sleep 1000; done`, want: ErrTimeout},
	{name: "closes its output and sleeps", sh: `exec >&- 2>&-; exec sleep 1000`, want: ErrTimeout},
	{name: "does not read its input", sh: `exec <&-; exec sleep 1000`, want: ErrTimeout, once: true},
	{name: "ends well on SIGTERM", sh: `trap "echo late; exit 0" TERM; sleep 1000 & wait`, want: ErrTimeout},
	{name: "1 GB of output", sh: `exec head -c 1000000000 /dev/zero`, want: ErrTooLarge, dies: true, once: true},
	{name: "1 GB of logs", sh: `exec head -c 1000000000 /dev/zero >&2`, want: ErrTooLarge, says: "logs", logs: "[truncated", dies: true, once: true},
	{name: "ten processes that log", sh: `for i in 1 2 3 4 5 6 7 8 9 10; do yes $i >&2 & done; wait`, want: ErrTooLarge, logs: "[truncated", dies: true, once: true},
	{name: "exits 137", sh: `exit 137`, want: ErrCrashed, says: "exit code 137", status: 500, dies: true, once: true},
	{name: "invalid UTF-8", sh: `printf '\377\376' >&2; printf '\377'`, status: 200, logs: "\uFFFD", dies: true, once: true},
	{name: "kills itself", sh: `kill -KILL $$`, want: ErrCrashed, says: "SIGKILL", status: 500, dies: true, once: true},
	{name: "leaves a child", sh: `sleep 1000 & echo hi`, status: 200, dies: true},
	{name: "leaves a session of its own", sh: `setsid sleep 1000 >/dev/null 2>&1 & echo hi`, status: 200, dies: true},
	{name: "forks twice, with setsid and another environment", sh: `
		setsid sh -c "(env -i setsid sh -c 'trap \"\" TERM HUP INT; while :; do sleep 1000; done' $1 $1 &) ; exit" $1 $1 &
		wait; echo hi`, status: 200, dies: true},
	// 127 processes at most, were there no limit.
	{name: "fork bomb", sh: `
		depth=$1
		if [ "$depth" -gt 0 ]; then
			"$0" $((depth - 1)) "$2" & "$0" $((depth - 1)) "$2" &
		fi
		exec sleep 1000`, want: ErrTimeout},
	{name: "a loop in Node.js", js: `export default () => { for (;;); }`, want: ErrTimeout},
	{name: "Node.js ignores SIGTERM", js: `process.on("SIGTERM", () => {}); export default () => new Promise(() => setInterval(() => {}, 1e6))`, want: ErrTimeout},
	{name: "a huge answer of Node.js", js: `export default ({ res }) => res.binary(Buffer.alloc(30e6))`, want: ErrTooLarge, dies: true, once: true},
	{name: "1 GB of logs from Node.js", js: `const line = "x".repeat(1e6); export default ({ res, log }) => { for (let i = 0; i < 1000; i++) log(line); return res.text("done") }`,
		want: ErrTooLarge, logs: "[truncated", dies: true, once: true},
	{name: "Node.js leaves a child", js: `import { spawn } from "node:child_process";
		export default ({ res }) => { spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref(); return res.text("hi") }`, status: 200, dies: true},
	{name: "an endless heap", js: `export default () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) }`, want: ErrCrashed, status: 500, dies: true, once: true},
	{name: "endless buffers", js: `export default () => { const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)) }`, want: ErrCrashed, says: "128 MiB of memory", status: 500, dies: true, once: true},
}

// runner makes h's runner.
func (h *hostile) runner(t *testing.T, c Config, marker string) Runner {
	t.Helper()
	c.Env = map[string]string{"MARKER": marker}
	if h.js != "" {
		return function(t, c, "main.mjs", h.js)
	}
	depth := "6"
	return script(t, c, h.sh, depth, marker)
}

func TestHostile(t *testing.T) {
	for how, config := range isolations() {
		t.Run(how, func(t *testing.T) {
			for _, h := range hostiles {
				if !h.once || strings.Contains(how, " ") {
					t.Run(h.name, func(t *testing.T) { h.test(t, config) })
				}
			}
		})
	}
}

func (h *hostile) test(t *testing.T, c Config) {
	marker := "isojot-marker-" + rand.Text()
	r := h.runner(t, c, marker)
	ctx := t.Context()
	if !h.dies {
		timed, cancel := context.WithTimeout(ctx, hostileTime)
		defer cancel()
		ctx = timed
	}
	req := request()
	req.Body = make([]byte, 1<<20) // more than a pipe holds
	got, err := r.Run(ctx, req)
	if left := processesWith(t, marker); len(left) > 0 {
		t.Errorf("left behind: %v", left)
		killAll(left)
	}
	if !errors.Is(err, h.want) || err != nil && !strings.Contains(err.Error(), h.says) {
		t.Errorf("got %v, want %v with %q", err, h.want, h.says)
	}
	if got.Status != h.status || !strings.Contains(got.Logs, h.logs) {
		t.Errorf("got %d with logs %.80q, want %d with %q", got.Status, got.Logs, h.status, h.logs)
	}
	if len(got.Logs) > DefaultLogs || len(got.Errors) > DefaultLogs {
		t.Errorf("logs of %d and errors of %d bytes, above %d", len(got.Logs), len(got.Errors), DefaultLogs)
	}
	if leftovers, _ := filepath.Glob(filepath.Join(os.TempDir(), "isojot-run-*")); len(leftovers) > 0 && os.Getenv(temporary) != "" {
		t.Errorf("left behind: %q", leftovers)
	}
}

// processesWith are the processes, but for this one, that have marker in their
// arguments or environment, each by pid with its command.
func processesWith(t *testing.T, marker string) map[int]string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]string{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		// Neither can be read of a process that is gone, or another user's.
		command, _ := os.ReadFile("/proc/" + entry.Name() + "/cmdline")
		environment, _ := os.ReadFile("/proc/" + entry.Name() + "/environ")
		if bytes.Contains(command, []byte(marker)) || bytes.Contains(environment, []byte(marker)) {
			found[pid] = string(bytes.ReplaceAll(command, []byte{0}, []byte{' '}))
		}
	}
	return found
}

func killAll(pids map[int]string) {
	for pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // gone is as good
	}
}

// The limit on processes is reached, not just survived.
func TestForkBombIsHeld(t *testing.T) {
	bomb := hostiles[slices.IndexFunc(hostiles, func(h hostile) bool { return h.name == "fork bomb" })]
	for how, c := range isolations() {
		t.Run(how, func(t *testing.T) {
			marker := "isojot-marker-" + rand.Text()
			r := bomb.runner(t, c, marker)
			for _, missing := range Limits(r) {
				if strings.HasPrefix(missing, "number of processes: nothing") {
					t.Skip("limit not available: " + missing)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 3*hostileTime)
			defer cancel()
			got, _ := r.Run(ctx, request())
			if !strings.Contains(strings.ToLower(got.Logs), "fork") {
				t.Errorf("no fork failed: %q", got.Logs)
			}
		})
	}
}

// A flood does not make the server grow.
func TestFloodsStayOutside(t *testing.T) {
	r := script(t, Config{Output: 1 << 20}, `head -c 200000000 /dev/zero >&2; exec head -c 200000000 /dev/zero`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := r.Run(t.Context(), request()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
		t.Errorf("400 MB of output took %d MiB of memory", grown>>20)
	}
}

// Where the kernel holds a function to its memory, it does.
func TestMemoryByCgroup(t *testing.T) {
	r := function(t, Config{Memory: hostileMemory}, "main.mjs", `export default () => Buffer.alloc(1e9, 1)`)
	for _, missing := range Limits(r) {
		if strings.HasPrefix(missing, "memory:") {
			t.Skip("limit not available: " + strings.Join(Limits(r), "; "))
		}
	}
	if got, err := r.Run(t.Context(), request()); !errors.Is(err, ErrCrashed) || !strings.Contains(err.Error(), "MiB of memory") {
		t.Errorf("got %d, %v, want ErrCrashed for its memory", got.Status, err)
	}
}

// temporary is set where nobody else makes temporary files.
const temporary = "ISOJOT_TEST_TEMPORARY"

// The same without root, which is how most servers run.
func TestHostileWithoutRoot(t *testing.T) {
	if os.Getuid() != 0 {
		return // TestHostile was this
	}
	const nobody = 65534
	dir := filepath.Dir(write(t, "readme", ""))
	binary, own := filepath.Join(dir, "runner.test"), filepath.Join(dir, "tmp")
	copyFile(t, "/proc/self/exe", binary)
	if err := errors.Join(os.Mkdir(own, 0o700), os.Chown(own, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, "-test.run", "^(TestHostile|TestForkBombIsHeld|TestKilledServer)$", "-test.v")
	cmd.Dir, cmd.Env = own, append(os.Environ(), "TMPDIR="+own, "HOME="+own, temporary+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	output, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("--- PASS: TestHostile")) {
		t.Errorf("%v\n%s", err, output)
	}
}

// copyFile makes a copy that everybody may run.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// A server that is killed takes its functions with it.
func TestKilledServer(t *testing.T) {
	marker := "isojot-marker-" + rand.Text()
	program := write(t, "program", "#!/bin/sh\ntrap '' TERM\nsetsid sleep 1000 &\nwhile :; do sleep 1000; done\n")
	server := exec.CommandContext(t.Context(), "/proc/self/exe", serverMode, marker, program)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	// The server, the program and two of sleep.
	waitFor(t, "the function to run", func() bool { return len(processesWith(t, marker)) == 4 })
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := server.Wait(); !errors.As(err, &exit) {
		t.Fatal(err)
	}
	waitFor(t, "its end", func() bool { return len(processesWith(t, marker)) == 0 })
}

// waitFor waits for what other processes do.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
