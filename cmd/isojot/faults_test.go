package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tells runs the program, which must fail, and expects texts in what it says.
func tells(t *testing.T, args []string, code int, wants ...string) {
	t.Helper()
	got, _, stderr := runFor(t, args...)
	if got != code {
		t.Errorf("%q: exit code %d, want %d", args, got, code)
	}
	for _, want := range wants {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q says %q, want %q in it", args, stderr, want)
		}
	}
}

// What a flag cannot be names the flag, the bound and the fix.
func TestFlagsNameBoundAndFix(t *testing.T) {
	for _, one := range []struct {
		args  string
		code  int
		wants []string
	}{
		{"serve --memory --addr 127.0.0.1:99999", exitUsage, []string{`--addr "127.0.0.1:99999"`, "use 1 to 65535, or 0 for any that is free"}},
		{"serve --memory --addr 127.0.0.1:-1", exitUsage, []string{"use 1 to 65535"}},
		{"serve --memory --addr 127.0.0.1:nope", exitUsage, []string{`there is no port "nope"`, "use 1 to 65535"}},
		{"serve --memory --dev=maybe", exitUsage, []string{"flag -dev", "use true or false"}},
		{"serve --memory --request-memory 8", exitUsage, []string{"RequestMemory is 8388608", "use 33554432 (32 MiB)"}},
		{"serve --data=", exitUsage, []string{"--data is empty", "--memory"}},
		{"key create --expires 30d", exitUsage, []string{`"30d" for flag -expires`, "use hours, such as 720h"}},
		{"key rotate --after 1day", exitUsage, []string{`"1day" for flag -after`, "use hours, such as 720h"}},
		{"jwt mint --duration 900", exitUsage, []string{`"900" for flag -duration`, "such as 90m or 30s"}},
		{"serve --memory --addr 192.0.2.1:0", exitFailure, []string{"--addr 192.0.2.1:0", "use an address of this machine"}},
		{"sevre", exitUsage, []string{`unknown command "sevre"`, "use serve, exec, key, project, users, jwt, mail or version"}},
	} {
		tells(t, strings.Fields(one.args), one.code, one.wants...)
	}
	t.Setenv("ISOJOT_KEY_EXPIRES", "30d")
	tells(t, []string{"key", "create"}, exitUsage, "ISOJOT_KEY_EXPIRES", "use hours, such as 720h")
}

// What switches all claims off goes with no other.
func TestNoClaimsStandsAlone(t *testing.T) {
	tells(t, []string{"key", "claims", "--data", dataOf(t), "none", "iat"}, exitUsage, "none switches all off", "leave it out, or the others")
}

// Durations that can be are taken as before.
func TestDurationsAreRead(t *testing.T) {
	data := dataOf(t)
	code, _, stderr := runFor(t, "key", "create", "--data", data, "--expires", "720h30m")
	if code != 0 || !strings.Contains(stderr, ", expires 2") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

// dataOf is a data folder that a server has used.
func dataOf(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	if code, _, stderr := runFor(t, "exec", "--data", data, "--", "true"); code != 0 {
		t.Fatalf("exit code %d, stderr %s", code, stderr)
	}
	return data
}

// While the address is taken, what is wrong with other flags is said all the
// same, and the data is not touched.
func TestFlagsAreCheckedWhileTheAddressIsInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	data := filepath.Join(t.TempDir(), "data")
	serve := []string{"serve", "--addr", taken.Addr().String(), "--data", data}
	for want, args := range map[string][]string{
		"the API key of project":    {"--api-key", "short"},
		"the project id":            {"--project", "a b"},
		"the allowed origin":        {"--allow-origin", "http://a/b"},
		"is none of node:FILE":      {"--function", "echo=cat"},
		"the trusted proxy":         {"--trusted-proxy", "nope"},
		`there is no role "nobody"`: {"--function", "echo=command:cat", "--function-role", "echo=nobody"},
	} {
		code, _, stderr := runFor(t, append(serve, args...)...)
		if code == 0 || !strings.Contains(stderr, want) || strings.Contains(stderr, "in use") {
			t.Errorf("%q: exit code %d, %q, want %q", args, code, stderr, want)
		}
	}
	tells(t, serve, exitFailure, "--addr "+taken.Addr().String()+" is in use", "choose another port by --addr", "choose another --data too")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the data directory was made: %v", err)
	}
}

// A database that is none names its file, the flag and the way out.
func TestADamagedDatabase(t *testing.T) {
	data := dataOf(t)
	file := filepath.Join(data, "isojot.db")
	for _, name := range []string{file + "-wal", file + "-shm"} {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte(strings.Repeat("no database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	wants := []string{"--data: the database " + file + " is damaged", "move it away", "backup"}
	tells(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data}, exitFailure, wants...)
	tells(t, []string{"exec", "--data", data, "--", "true"}, exitFailure, wants...)
	tells(t, []string{"key", "list", "--data", data}, exitFailure, wants...)
	tells(t, []string{"jwt", "verify", "--data", data, "x"}, exitCannotTell, wants...)
}

// crashedData is a data folder as the end of a server without a farewell leaves
// it: copied while one ran.
func crashedData(t *testing.T) string {
	t.Helper()
	data, crashed := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	if code, _, stderr := runFor(t, "exec", "--data", data, "--", "cp", "-r", data, crashed); code != 0 {
		t.Fatalf("exit code %d, stderr %s", code, stderr)
	}
	return crashed
}

// Without its database, a folder that was used is refused by all commands, which
// change nothing in it: SQLite would delete the log, and begin anew.
func TestALostDatabase(t *testing.T) {
	for state, lose := range map[string]func(file string) error{
		"missing": os.Remove,
		"empty":   func(file string) error { return os.Truncate(file, 0) },
	} {
		data := crashedData(t)
		file := filepath.Join(data, "isojot.db")
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := lose(file); err != nil {
			t.Fatal(err)
		}
		wants := []string{"--data: the database " + file + " is " + state, "is in isojot.db-wal and isojot.db-shm beside it", "put it back, or a backup", "to begin anew"}
		tells(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data}, exitFailure, wants...)
		tells(t, []string{"exec", "--data", data, "--", "true"}, exitFailure, wants...)
		tells(t, []string{"key", "list", "--data", data}, exitFailure, wants...)
		tells(t, []string{"key", "jwt", "--data", data}, exitFailure, wants...)
		tells(t, []string{"jwt", "mint", "--data", data, "--user", "ada"}, exitFailure, wants...)
		tells(t, []string{"jwt", "verify", "--data", data, "x"}, exitCannotTell, wants...)
		// The way out works: the database is put back.
		if err := os.WriteFile(file, kept, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, stderr := runFor(t, "key", "jwt", "--data", data); code != 0 || out == "" {
			t.Errorf("%s, and put back: exit code %d, stderr %s", state, code, stderr)
		}
		// And so does the other.
		for _, name := range []string{file, file + "-wal", file + "-shm"} {
			if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		if line := dataLine(t, data); line != "data      "+data+" (new)" {
			t.Errorf("begun anew it says %q", line)
		}
		if line := dataLine(t, data); line != "data      "+data {
			t.Errorf("begun again it says %q", line)
		}
	}
}

// dataLine is what a server says at its start of where its data is.
func dataLine(t *testing.T, data string) string {
	t.Helper()
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--data", data)
	lines := p.until(t, "data ")
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// An empty database beside nothing is what a start leaves that ended before its
// first write: the next start makes it, and commands that need one say so.
func TestAnEmptyDatabase(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "isojot.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tells(t, []string{"key", "list", "--data", data}, exitFailure, "--data: ", `there is no database in "`+data+`"`)
	if line := dataLine(t, data); line != "data      "+data+" (new)" {
		t.Errorf("it says %q", line)
	}
}
