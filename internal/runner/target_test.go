package runner

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	file := write(t, "main.mjs", `export default ({ res }) => res.text("node")`)
	writeAt(t, filepath.Join(filepath.Dir(file), "program"), "#!/bin/sh\necho command $# $2")
	c := Config{Dir: filepath.Dir(file)}
	for target, want := range map[string]string{
		"node:main.mjs":                 "node",
		"command:./program  a  b=$HOME": "command 2 b=$HOME\n",
		"command:echo x":                "x\n",
	} {
		r, err := Parse(c, target)
		if got := mustRun(t, mustRunner(t, r, err), request()); string(got.Body) != want {
			t.Errorf("%s: got %q, want %q", target, got.Body, want)
		}
	}
	for _, target := range []string{"http://127.0.0.1:1/x", "https://example.test"} {
		r, err := Parse(c, target)
		mustRunner(t, r, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for target, text := range map[string]string{
		"":                              "none of node:FILE",
		"main.mjs":                      "none of node:FILE",
		"ftp://ada:password@host/":      "none of node:FILE",
		"node:":                         "needs a file",
		"node:missing.mjs":              "no file",
		"command:":                      "needs a program",
		`command:./program "a b"`:       `manifest with "args"`,
		`command:./program a\ b`:        `manifest with "args"`,
		"command:./missing":             "missing",
		"http://":                       "a target is http://HOST/PATH",
		"http://ada:password@host/?a=b": "a target is http://HOST/PATH",
		"http://host/%zz":               "cannot be read",
	} {
		_, err := Parse(Config{Dir: programs}, target)
		if !errors.Is(err, ErrStart) || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "password") {
			t.Errorf("%q: got %v, want ErrStart with %q", target, err, text)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for text, c := range map[string]Config{
		"must not be negative": {Output: -1},
		"memory is 1 bytes":    {Memory: 1},
		"no digit first":       {Env: map[string]string{"1A": ""}},
		"cannot be set":        {Env: map[string]string{"APPWRITE_FUNCTION_JWT": "forged"}},
		"and APPWRITE_VERSION": {Env: map[string]string{"APPWRITE_REGION": "fra"}},
		"NUL":                  {Env: map[string]string{"A": "\x00"}},
		"longer than 65536":    {Env: map[string]string{"A": strings.Repeat("x", MaxEnvSize)}},
		"is not a folder":      {Dir: "/dev/null"},
		"no such file":         {Dir: "/nowhere/at/all"},
	} {
		if _, err := Command(c, "echo"); !errors.Is(err, ErrStart) || !strings.Contains(err.Error(), text) {
			t.Errorf("%+.60v: got %v, want ErrStart with %q", c, err, text)
		}
	}
}
