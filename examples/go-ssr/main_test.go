package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestConfig(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"ISOJOT_PROJECT": "from-env", "ISOJOT_ENDPOINT": "https://auth.example/v1", "ORIGIN": "https://app.example"}[name]
	}
	cfg, err := parseConfig([]string{"-project", "from-flag"}, env, io.Discard)
	want := config{"https://auth.example/v1", "from-flag", "127.0.0.1:8092", "127.0.0.1:8093", "https://app.example"}
	if err != nil || cfg != want {
		t.Errorf("got %+v, %v", cfg, err)
	}
}

func TestConfigErrorsNameTheField(t *testing.T) {
	for want, args := range map[string][]string{
		`unexpected argument "serve"`: {"serve"},
		"endpoint":                    {"-endpoint", "auth.example"},
		"project":                     {"-project", ""},
		"with -addr":                  {"-addr", "nowhere", "-notes-addr", "127.0.0.1:0"},
		"with -notes-addr":            {"-notes-addr", "nowhere"},
		"public origin":               {"-origin", "app.example", "-notes-addr", "127.0.0.1:0"},
	} {
		err := run(t.Context(), args, func(string) string { return "" }, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to contain %q", err, want)
		}
	}
}

func TestRunServesAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, stdout := io.Pipe()
	done := make(chan error, 1)
	args := []string{"-addr", "127.0.0.1:0", "-notes-addr", "127.0.0.1:0"}
	go func() { done <- run(ctx, args, func(string) string { return "" }, stdout, io.Discard) }()

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pages, rest, _ := strings.Cut(line, " ")
	_, rest, _ = strings.Cut(rest, "calls ")
	service, _, _ := strings.Cut(rest, ";")
	for url, want := range map[string]int{pages + "/login": http.StatusOK, service + "/notes": http.StatusUnauthorized} {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("GET %s answered %d, want %d", url, res.StatusCode, want)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("run ended with %v", err)
	}
}
