//go:build !js

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestServesWhatItBuilds compiles the program for the browser and asks for
// every file that the page needs.
func TestServesWhatItBuilds(t *testing.T) {
	dir := t.TempDir()
	if err := build(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	h := handler(dir, settings{Endpoint: "http://127.0.0.1:7519/v1", Project: "demo"})
	for path, want := range map[string]struct{ mime, begins string }{
		"/":             {"text/html; charset=utf-8", "<!doctype html>"},
		"/boot.js":      {"text/javascript; charset=utf-8", "//"},
		"/page.css":     {"text/css; charset=utf-8", ":root"},
		"/wasm_exec.js": {"text/javascript; charset=utf-8", "//"},
		"/app.wasm":     {"application/wasm", "\x00asm"},
		"/env.json":     {"application/json", `{"ISOJOT_ENDPOINT":"http://127.0.0.1:7519/v1","ISOJOT_PROJECT":"demo"}`},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != want.mime {
			t.Errorf("GET %s: %d %q, want 200 %q", path, w.Code, got, want.mime)
		}
		if !bytes.HasPrefix(w.Body.Bytes(), []byte(want.begins)) {
			t.Errorf("GET %s: begins with %.40q", path, w.Body)
		}
	}
}
