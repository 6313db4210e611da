package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/pgtest"
)

// inUsersFolder moves to a new folder with the files of testdata/users.
func inUsersFolder(t *testing.T) {
	t.Helper()
	files, err := filepath.Abs("testdata/users")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS(".", os.DirFS(files)); err != nil {
		t.Fatal(err)
	}
}

// mustRun runs the program and returns what it prints.
func mustRun(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := runFor(t, args...)
	if code != want {
		t.Fatalf("%s: code %d, want %d; %s%s", args, code, want, stdout, stderr)
	}
	return stdout, stderr
}

// commandsOf are the commands of a document.
func commandsOf(t *testing.T, name string) (all []string) {
	t.Helper()
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(doc), "```sh\n")[1:] {
		code, _, _ := strings.Cut(block, "```")
		all = append(all, slices.Collect(strings.Lines(code))...)
	}
	return all
}

// Each command of docs/users.md runs, beside a server, and who it has imported
// signs in there, or is refused as it was.
func TestDocsOfUsersRun(t *testing.T) {
	commands := commandsOf(t, "../../docs/users.md")
	if len(commands) < 10 {
		t.Fatalf("it has the commands %q", commands)
	}
	inUsersFolder(t)
	_, endpoint := serveProjects(t, "isojot-data")
	for _, command := range commands {
		mustRun(t, 0, strings.Fields(command)[1:]...)
	}
	for email, want := range map[string]struct {
		password, id, name string
		err                error
	}{
		"ann@example.com":    {"correct horse", "ann", "Ann", nil},
		"cat@example.com":    {"correct horse", "cat", "Cat, the", nil},
		"ben@example.com":    {"appwrite", "", "", isojot.ErrUserBlocked},
		"fay@example.com":    {"appwrite", "fB3kq0TzVhYw8mN2pLsX7cRdJe91", "Fay Base", nil},
		"gus@example.com":    {"appwrite", "", "", isojot.ErrUserInvalidCredentials},
		"sue@example.com":    {"correct horse", "3f1c2b9e-6c1d-4f57-9a53-0d7a4b1c2e3f", "Sue Base", nil},
		"wes@example.com":    {"correct horse", "1", "Wes Press", nil},
		"old@example.com":    {"appwrite", "2", "old", nil},
		"al@example.com":     {"correct horse", "5dea9f9c82dd7c0e76e4ec93", "", nil},
		"euclid@example.com": {"appwrite", "", "", isojot.ErrUserBlocked},
		"apw@example.com":    {"appwrite", "apw", "App Write", nil},
	} {
		session, err := clientOf(t, endpoint).Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: email, Password: want.password})
		if !errors.Is(err, want.err) {
			t.Errorf("%s signs in: %v, want %v", email, err, want.err)
		}
		if err != nil {
			continue
		}
		user, err := clientOf(t, endpoint, isojot.WithSession(session.Secret)).Account.Get(t.Context())
		if err != nil || user.ID != want.id || user.Name != want.name {
			t.Errorf("%s is %q, %q, %v, want %q, %q", email, user.ID, user.Name, err, want.id, want.name)
		}
	}
}

// exportOf is the export of a data directory, by user.
func exportOf(t *testing.T, where ...string) map[string]map[string]any {
	t.Helper()
	out, warning := mustRun(t, 0, append([]string{"users", "export", "--with-hashes", "--format", "jsonl", "-"}, where...)...)
	if !strings.Contains(warning, "warning: the export has the hashes") {
		t.Errorf("it warns %q", warning)
	}
	users := map[string]map[string]any{}
	for line := range strings.Lines(out) {
		var u map[string]any
		if err := json.Unmarshal([]byte(line), &u); err != nil {
			t.Fatal(err)
		}
		users[u["userId"].(string)] = u
	}
	return users
}

// importAll imports the files of all programs.
func importAll(t *testing.T, where ...string) {
	t.Helper()
	for _, args := range []string{"users.jsonl", "users.csv", "--from supabase supabase.csv", "--from wordpress wordpress.csv", "--from auth0 auth0.jsonl",
		"--from appwrite appwrite.json", "--from firebase --firebase-hash-config hash-config.txt firebase.json"} {
		mustRun(t, 0, slices.Concat([]string{"users", "import"}, where, strings.Fields(args))...)
	}
}

// What was imported is in the export as the programs had it.
func TestImportedFields(t *testing.T) {
	inUsersFolder(t)
	serveProjects(t, "isojot-data")
	importAll(t)
	users := exportOf(t)
	if len(users) != 13 {
		t.Errorf("there are %d users: %q", len(users), slices.Sorted(maps.Keys(users)))
	}
	for id, want := range map[string]string{
		"fB3kq0TzVhYw8mN2pLsX7cRdJe91":         "email=fay@example.com emailVerification=true phone=+4915112345678 phoneVerification=true status=true registration=2024-03-01T10:00:30.000+00:00 accessedAt=2024-06-03T16:00:00.123+00:00 hash=scryptMod passwordSaltSeparator=Bw==",
		"gOogleOnly000000000000000001":         "email=gus@example.com status=false passwordHash=<nil>",
		"3f1c2b9e-6c1d-4f57-9a53-0d7a4b1c2e3f": "phone=+4915112345679 phoneVerification=false emailVerification=true prefs=map[full_name:Sue Base theme:dark] registration=2024-03-01T10:20:30.123+00:00 hash=bcrypt",
		"7d9e1f00-1111-4222-8333-444455556666": "email=ban@example.com status=false emailVerification=false",
		"1":                                    "email=wes@example.com registration=2019-05-04T03:02:01.000+00:00 hash=bcrypt",
		"2":                                    "hash=phpass",
		"5dea9f9c82dd7c0e76e4ec93":             "passwordUpdate=2019-12-06T18:36:12.412+00:00 emailVerification=true",
		"euclid":                               "name=Eu Clid prefs=map[plan:free] status=false hash=sha passwordVersion=sha1 registration=2021-01-02T03:04:05.678+00:00",
		"google-oauth2.103547991597142817347":  "email=goo@example.com",
		"apw":                                  "labels=[vip] prefs=map[a:1] passwordCpu=16384 passwordMemory=13 passwordSalt=appwrite accessedAt=2024-03-02T00:00:00.000+00:00",
		"ann":                                  "labels=[vip] hash=argon2 registration=2024-03-01T10:20:30.000+00:00 status=true",
		"cat":                                  "labels=[vip news] prefs=map[a:b]",
	} {
		hasMembers(t, id, users[id], want)
	}
}

// hasMembers holds that a user has members as in "email=a@example.com status=true".
func hasMembers(t *testing.T, id string, user map[string]any, want string) {
	t.Helper()
	fields := strings.Split(want, " ")
	for n := len(fields) - 1; n > 0; n-- { // a value may have blanks
		if !strings.Contains(fields[n], "=") {
			fields[n-1] += " " + fields[n]
			fields = slices.Delete(fields, n, n+1)
		}
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		if got := fmt.Sprint(user[name]); got != value {
			t.Errorf("%s: %s is %s, want %s", id, name, got, value)
		}
	}
}

// An export that is imported elsewhere is the same there, by either format, and a
// second import changes nothing.
func TestUsersRoundTrip(t *testing.T) {
	inUsersFolder(t)
	serveProjects(t, "isojot-data")
	importAll(t)
	before := exportOf(t)
	for _, format := range []string{"jsonl", "csv"} {
		file := "all." + format
		mustRun(t, 0, "users", "export", "--with-hashes", file)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
		_, endpoint := serveProjects(t, format)
		for _, want := range []string{"13 imported, 0 there already, 0 refused\n", "0 imported, 13 there already, 0 refused\n"} {
			if out, _ := mustRun(t, 0, "users", "import", "--data", format, file); out != want {
				t.Errorf("%s: %q, want %q", format, out, want)
			}
		}
		if after := exportOf(t, "--data", format); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%s: the users are\n%v, want\n%v", format, after, before)
		}
		if _, err := clientOf(t, endpoint).Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "fay@example.com", Password: "appwrite"}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	if _, stderr := mustRun(t, exitFailure, "users", "export", "all.csv"); !strings.Contains(stderr, "there already") {
		t.Errorf("a file that is there: %s", stderr)
	}
	mustRun(t, 0, "users", "export", "few.csv")
	if text, err := os.ReadFile("few.csv"); err != nil || strings.Contains(strings.ToLower(string(text)), "hash") || strings.Contains(string(text), "$2") {
		t.Errorf("without hashes: %s, %v", text, err)
	}
}

// refusals is a file whose rows are refused, but for the first and the last.
const refusals = `{"userId":"ok","email":"ok@example.com","passwordHash":"$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"}
{"userId":"-bad"}
{"email":"no address"}
{"userId":"a","phone":"0151"}
{"name":"Nobody"}
{"userId":"b","prefs":[1]}
{"userId":"c","labels":["no-label"]}
{"userId":"d","status":"yes"}
{"userId":"e","password":"short"}
{"userId":"f","passwordHash":"$2a$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"}
{"userId":"g","passwordHash":"secret-of-g"}
{"userId":"h","passwordHash":"secret-of-h","hash":"secret-kind"}
{"userId":"i","passwordHash":"ab","hash":"scrypt"}
{"userId":"j","registration":"2999-01-01T00:00:00Z"}
{"userId":"k","e-mail":"k@example.com"}
secret, and no JSON
{"userId":"ok","email":"other@example.com"}
{"userId":"l","email":"OK@example.com"}
{"userId":"m","password":"correct horse","passwordHash":"x"}

{"userId":"last","phone":"+4915112345678"}
{"userId":"n","phone":"+4915112345678"}
`

// Refused rows are reported, the others imported; a dry run says the same and
// writes nothing. No report quotes what a row has.
func TestRefusedRows(t *testing.T) {
	inUsersFolder(t)
	serveProjects(t, "isojot-data")
	if err := os.WriteFile("bad.jsonl", []byte(refusals), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{"2 userId", "3 email", "4 phone", "5 ", "6 prefs", "7 labels", "8 status", "9 password", "10 passwordHash", "11 hash", "12 hash",
		"13 passwordSalt", "14 registration", "15 e-mail", "16 ", "17 userId", "18 email", "19 passwordHash", "22 phone"}
	for _, dry := range []bool{true, false, false} {
		args := []string{"users", "import", "--report", "report.jsonl", "bad.jsonl"}
		if dry {
			args = slices.Insert(args, 2, "--dry-run")
		}
		out, stderr := mustRun(t, exitSomeRefused, args...)
		if !strings.Contains(out, "19 refused") || stderr != "" {
			t.Errorf("it says %q, %q", out, stderr)
		}
		report, err := os.ReadFile("report.jsonl")
		if err != nil || strings.Contains(string(report), "secret") || strings.Contains(string(report), "N9qo8") {
			t.Errorf("the report is %s, %v", report, err)
		}
		var got []string
		for line := range strings.Lines(string(report)) {
			var row struct {
				Line          int
				Field, Reason string
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil || row.Reason == "" {
				t.Errorf("%s: %v", line, err)
			}
			got = append(got, fmt.Sprint(row.Line, " ", row.Field))
		}
		if !slices.Equal(got, want) {
			t.Errorf("dry %v: refused are %q, want %q", dry, got, want)
		}
		if users := exportOf(t); dry && len(users) > 0 || !dry && len(users) != 2 {
			t.Errorf("dry %v: there are %v", dry, users)
		}
	}
	if out, stderr := mustRun(t, exitSomeRefused, "users", "import", "--on-conflict", "refuse", "bad.jsonl"); !strings.Contains(out, "21 refused") || !strings.Contains(stderr, "line 4: phone: ") {
		t.Errorf("it says %q, %q", out, stderr)
	}
}

// What cannot be read on, or was asked for wrongly, is said.
func TestUsersFaults(t *testing.T) {
	inUsersFolder(t)
	serveProjects(t, "isojot-data")
	for name, text := range map[string]string{
		"cut.json":   `{"users":[{"localId":"a"},` + "\n" + `{"localId":`,
		"quote.csv":  "userId,name\na,\"" + strings.Repeat("x,\n", 1<<20),
		"column.csv": "userId,passwort\na,b\n",
		"fields.csv": "userId,name\na\nb,B\nc,\"C\" x\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"import", exitUsage, "one argument, FILE or -"},
		{"import nothing.csv", exitFailure, "no such file"},
		{"import users.txt", exitUsage, "say jsonl or csv"},
		{"import --format xml users.csv", exitUsage, `no format "xml"`},
		{"import --from okta users.csv", exitUsage, "one of appwrite, auth0, firebase"},
		{"import --from auth0 users.csv", exitUsage, "from JSON"},
		{"import --from firebase firebase.json", exitUsage, "ISOJOT_FIREBASE_SIGNER_KEY"},
		{"import --on-conflict update users.csv", exitUsage, "skip or refuse"},
		{"import --project nothing users.csv", exitFailure, `no project "nothing"`},
		{"import --from appwrite cut.json", exitFailure, "was the file cut off?"},
		{"import quote.csv", exitFailure, "is a quote left open?"},
		{"import column.csv", exitFailure, `no field "passwort"`},
		{"import fields.csv", exitSomeRefused, "line 2: it has 1 fields"},
		{"import --from firebase --firebase-signer-key QUJD --firebase-salt-separator Bw== firebase.json", 0, "--firebase-signer-key: all programs"},
		{"export --data nowhere all.csv", exitFailure, "no database"},
		{"export --project nothing all.csv", exitFailure, `no project "nothing"`},
		{"exprt", exitUsage, "use users import or export"},
	} {
		if _, stderr := mustRun(t, tt.code, append([]string{"users"}, strings.Fields(tt.args)...)...); !strings.Contains(stderr, tt.want) {
			t.Errorf("users %s: %s, want %q", tt.args, stderr, tt.want)
		}
	}
	if _, err := os.Stat("all.csv"); !os.IsNotExist(err) {
		t.Errorf("an export that failed left its file: %v", err)
	}
}

// The commands work on PostgreSQL, too.
func TestUsersOnPostgres(t *testing.T) {
	database := pgtest.New(t)
	inUsersFolder(t)
	p := start(t, "serve", "--addr", "127.0.0.1:0", "--database-url", database)
	endpoint := facts(p.until(t, "endpoint"))["endpoint"]
	importAll(t, "--database-url", database)
	importAll(t, "--database-url", database)
	if users := exportOf(t, "--database-url", database); len(users) != 13 {
		t.Errorf("there are %d users", len(users))
	}
	if err := os.WriteFile("bad.jsonl", []byte(refusals), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []string{"--dry-run=true", "--dry-run=false"} {
		if out, _ := mustRun(t, exitSomeRefused, "users", "import", "--database-url", database, dry, "bad.jsonl"); !strings.Contains(out, "1 ") || !strings.Contains(out, "refused") {
			t.Errorf("it says %s", out)
		}
	}
	if _, err := clientOf(t, endpoint).Account.CreateEmailPasswordSession(t.Context(), isojot.CreateEmailPasswordSession{Email: "wes@example.com", Password: "correct horse"}); err != nil {
		t.Error(err)
	}
}
