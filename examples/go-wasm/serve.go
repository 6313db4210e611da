//go:build !js

// Command go-wasm is a page whose program is Go: it signs up, signs in,
// creates a JWT and calls with it, by the same typed API that Go programs use
// natively. Run without GOOS=js it builds itself for the browser and serves
// the page.
package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed web
var web embed.FS

func main() {
	addr := flag.String("addr", "127.0.0.1:8091", "where to serve the page")
	endpoint := flag.String("endpoint", "http://127.0.0.1:7519/v1", "the auth server's API")
	project := flag.String("project", "demo", "the project's id")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, settings{*endpoint, *project}); err != nil {
		fmt.Fprintln(os.Stderr, "go-wasm:", err)
		os.Exit(1)
	}
}

// settings reach the program in the page as environment variables.
type settings struct {
	Endpoint string `json:"ISOJOT_ENDPOINT"`
	Project  string `json:"ISOJOT_PROJECT"`
}

func run(ctx context.Context, addr string, s settings) error {
	dir, err := os.MkdirTemp("", "go-wasm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := build(ctx, dir); err != nil {
		return err
	}
	server := &http.Server{Addr: addr, Handler: handler(dir, s), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Printf("open http://%s (it talks to %s, project %s)\n", addr, s.Endpoint, s.Project)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// build puts into dir the program for the browser, and wasm_exec.js of the
// very toolchain that built it: the two only work together.
func build(ctx context.Context, dir string) error {
	compile := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(dir, "app.wasm"), ".")
	compile.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := compile.CombinedOutput(); err != nil {
		return fmt.Errorf("building for the browser: %w (run it in the example's folder: go run -C examples/go-wasm .)\n%s", err, out)
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("asking go for its GOROOT: %w", err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return fmt.Errorf("the toolchain has no wasm_exec.js: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "wasm_exec.js"), script, 0o600)
}

// handler serves the page, the built files of dir and the settings.
func handler(dir string, s settings) http.Handler {
	pages, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(pages))
	for _, name := range []string{"app.wasm", "wasm_exec.js"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, filepath.Join(dir, name))
		})
	}
	mux.HandleFunc("GET /env.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(s); err != nil {
			fmt.Fprintln(os.Stderr, "go-wasm: sending env.json:", err)
		}
	})
	return mux
}
