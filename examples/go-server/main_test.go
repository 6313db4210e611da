package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func noEnv(string) string { return "" }

func TestConfig(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"ISOJOT_PROJECT": "from-env", "ISOJOT_ENDPOINT": "https://auth.example/v1", "ALLOW_ORIGIN": "https://A.example, http://b.example:81"}[name]
	}
	cfg, err := parseConfig([]string{"-project", "from-flag"}, env, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.project != "from-flag" || cfg.endpoint != "https://auth.example/v1" || cfg.addr != "127.0.0.1:8090" ||
		cfg.origins.String() != "https://a.example, http://b.example:81" {
		t.Errorf("got %+v", cfg)
	}
}

func TestConfigErrorsNameTheField(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		env  string
		want string
	}{
		"origin with a path":  {args: []string{"-allow-origin", "http://a.example/path"}, want: "is no origin"},
		"origin with no host": {args: []string{"-allow-origin", "http://a.example,null"}, want: `"null" is no origin`},
		"origin in the env":   {env: "a.example", want: "ALLOW_ORIGIN"},
		"left-over argument":  {args: []string{"serve"}, want: `unexpected argument "serve"`},
		"wrong endpoint":      {args: []string{"-endpoint", "auth.example"}, want: "endpoint"},
		"empty project":       {args: []string{"-project", ""}, want: "project"},
		"address of no parts": {args: []string{"-addr", "nowhere"}, want: "-addr"},
	} {
		t.Run(name, func(t *testing.T) {
			env := func(key string) string {
				if key == "ALLOW_ORIGIN" {
					return test.env
				}
				return ""
			}
			err := run(t.Context(), test.args, env, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to contain %q", err, test.want)
			}
		})
	}
}

func TestRunServesAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, stdout := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"-addr", "127.0.0.1:0"}, noEnv, stdout, io.Discard) }()

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(line, "GET ")
	url, _, _ := strings.Cut(rest, " ")
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("GET %s answered %d, want 401", url, res.StatusCode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run ended with %v", err)
	}
}
