package main

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isojot/isojot"
)

// What the command line cannot mean ends with code 2 and a message that names
// the flag or the value, and the way out.
func TestUsageErrors(t *testing.T) {
	for _, tc := range []struct {
		args, want string
	}{
		{"servo", `unknown command "servo"`},
		{"--nosuch", "nosuch"},
		{"serve --nosuch", "nosuch"},
		{"serve --addr", "--addr"},
		{"serve --addr 7519 --memory", "use HOST:PORT"},
		{"serve --limits many --memory", "use classic"},
		{"serve --log xml --memory", "use text or json"},
		{"serve --project Demo --memory --addr 127.0.0.1:0", `use "demo"`},
		{"serve --allow-origin http://[ --memory --addr 127.0.0.1:0", "https://app.example.com"},
		{"serve --memory --addr 127.0.0.1:0 --api-key short", "at least 16"},
		{"serve --memory --addr 127.0.0.1:0 --project a --project a", "listed twice"},
		{"serve --memory --addr 127.0.0.1:0 --allow-origin nope=https://a.example", "there is no --project nope"},
		{"serve --memory --addr 127.0.0.1:0 --trusted-proxy nope", `the trusted proxy "nope" is not valid`},
		{"serve --memory --data x", "--memory and --data exclude each other"},
		{"serve extra", `"extra"`},
		{"version extra", `"extra"`},
		{"exec", "isojot exec -- npm test"},
		{"exec --limits many -- true", "use classic"},
		{"exec --memory --data x -- true", "exclude each other"},
	} {
		code, stdout, stderr := runFor(t, strings.Fields(tc.args)...)
		if code != exitUsage || !strings.Contains(stderr, tc.want) || stdout != "" {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q, want %q", tc.args, code, stdout, stderr, tc.want)
		}
	}
}

func TestUsageErrorInEnvironment(t *testing.T) {
	t.Setenv("ISOJOT_DEV", "perhaps")
	code, _, stderr := runFor(t, "serve", "--memory", "--addr", "127.0.0.1:0")
	if code != exitUsage || !strings.Contains(stderr, "ISOJOT_DEV") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

func TestHelp(t *testing.T) {
	for args, want := range map[string][]string{
		"":             {"serve", "exec", "key", "version"},
		"serve --help": {"--addr", "ISOJOT_ADDR", "--allow-origin", "127.0.0.1:7519"},
		"exec --help":  {"ISOJOT_ENDPOINT", "APPWRITE_PROJECT_ID", "exit code"},
	} {
		code, stdout, _ := runFor(t, strings.Fields(args)...)
		if code != 0 {
			t.Errorf("%q: exit code %d", args, code)
		}
		for _, text := range want {
			if !strings.Contains(stdout, text) {
				t.Errorf("%q does not mention %s", args, text)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	code, stdout, _ := runFor(t, "version")
	if code != 0 || !strings.HasPrefix(stdout, "isojot "+isojot.Version+" (go") {
		t.Errorf("exit code %d, %q", code, stdout)
	}
}

// A bare clone has the placeholder and no page.
func TestHasPage(t *testing.T) {
	if hasPage(fstest.MapFS{"placeholder.txt": {}}) {
		t.Error("a placeholder passes for the page")
	}
	if !hasPage(fstest.MapFS{"index.html": {}}) {
		t.Error("the page is not seen")
	}
	if _, err := fs.Stat(embeddedAssets(), "placeholder.txt"); err != nil {
		t.Error(err)
	}
}

func TestBannerAligns(t *testing.T) {
	var text strings.Builder
	if err := writeLines(&text, [][2]string{{"endpoint", "E"}, {"data", "D"}}); err != nil {
		t.Fatal(err)
	}
	if want := "  endpoint  E\n  data      D\n"; !strings.Contains(text.String(), want) {
		t.Errorf("%q lacks %q", text.String(), want)
	}
}
