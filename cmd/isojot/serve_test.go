package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// facts reads the start-up lines.
func facts(lines []string) map[string]string {
	found := map[string]string{}
	for _, line := range lines {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			found[name] = strings.TrimSpace(value)
		}
	}
	return found
}

func getJSON(t *testing.T, url string) (status int, body map[string]any) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func TestServe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	p := start(t, "serve", "--addr", "localhost:0", "--data", data, "--project", "shop", "--allow-origin", "https://shop.example.com", "--dev")
	got := facts(p.until(t, "token"))
	if status, body := getJSON(t, got["endpoint"]+"/health/version"); status != 200 || body["version"] == "" {
		t.Errorf("health/version answers %d %v", status, body)
	}
	if !strings.HasPrefix(got["endpoint"], "http://localhost:") || got["clock"] != strings.TrimSuffix(got["endpoint"], "/v1")+"/_isojot/clock" {
		t.Errorf("endpoint %q, clock %q", got["endpoint"], got["clock"])
	}
	for name, want := range map[string]string{"project": "shop", "data": data, "limits": "classic", "origins": "shop.example.com"} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s is %q, want %q in it", name, got[name], want)
		}
	}
	if len(got["token"]) < 20 {
		t.Errorf("token %q is short", got["token"])
	}
	p.cancel()
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d, stderr %s", code, p.stderr.String())
	}
	if _, err := os.Stat(filepath.Join(data, "isojot.db")); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(got["endpoint"] + "/health/version"); err == nil {
		t.Error("it still answers after its end")
	}
}

// Without --dev there is no clock to move, and no token.
func TestServeByEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"ISOJOT_ADDR": "127.0.0.1:0", "ISOJOT_MEMORY": "true", "ISOJOT_PROJECT": "other", "ISOJOT_LIMITS": "off",
		"ISOJOT_ALLOW_ORIGIN": "https://a.example.com,https://b.example.com", "ISOJOT_LOG": "json",
	} {
		t.Setenv(name, value)
	}
	p := start(t, "serve")
	got := facts(p.until(t, "origins"))
	if got["data"] != "memory (lost at exit)" || got["project"] != "other" || !strings.HasPrefix(got["limits"], "off") {
		t.Errorf("start-up says %v", got)
	}
	for _, host := range []string{"a.example.com", "b.example.com", "localhost"} {
		if !strings.Contains(got["origins"], host) {
			t.Errorf("origins are %q, want %s too", got["origins"], host)
		}
	}
	if status, body := getJSON(t, strings.TrimSuffix(got["endpoint"], "/v1")+"/_isojot/clock"); status < 400 {
		t.Errorf("the clock answers %d %v", status, body)
	}
	if err := signalSelf(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.end(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM, stderr %s", code, p.stderr.String())
	}
}

func TestServeAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	data := filepath.Join(t.TempDir(), "data")
	code, _, stderr := runFor(t, "serve", "--addr", taken.Addr().String(), "--data", data)
	if want := "--addr " + taken.Addr().String() + " is in use"; code != exitFailure || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d, stderr %q, want %q", code, stderr, want)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the data directory was made: %v", err)
	}
}

// A data directory that cannot be made is a failure, not a mistake of usage.
func TestServeDataUnusable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := runFor(t, "serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(file, "data"))
	if code != exitFailure || !strings.Contains(stderr, file) {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

func TestRootURL(t *testing.T) {
	bound := &net.TCPAddr{IP: net.IPv4zero, Port: 80}
	for addr, want := range map[string]string{
		"127.0.0.1:0":         "http://127.0.0.1:80",
		"localhost:0":         "http://localhost:80",
		":0":                  "http://127.0.0.1:80",
		"0.0.0.0:0":           "http://127.0.0.1:80",
		"[::]:0":              "http://127.0.0.1:80",
		"[::1]:0":             "http://[::1]:80",
		"auth.example.com:80": "http://auth.example.com:80",
	} {
		if got := rootURL(addr, bound); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}
