// Package testpeer is an HTTP server that misbehaves on demand, for tests of
// the client: what it does is named by the first segment of the path, so that
// "URL/html/v1" is an endpoint that answers every call with a web page.
package testpeer

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Environment variables in which tests under Node and in browsers find their
// servers.
const (
	// EndpointVar holds an isojot server's endpoint; its project is "demo".
	EndpointVar = "ISOJOT_ENDPOINT"
	// PeerVar holds the URL of a server with this package's Handler.
	PeerVar = "ISOJOT_TEST_PEER"
	// DeadVar holds the URL of a port on which nothing listens.
	DeadVar = "ISOJOT_TEST_DEAD"
	// BrowserVar holds the name of the browser in which the tests run, if any.
	BrowserVar = "ISOJOT_TEST_BROWSER"
)

// Echo is what /echo/ says about the request that it got.
type Echo struct {
	Method string      `json:"method"`
	Path   string      `json:"path"`
	Header http.Header `json:"header"`
	Body   string      `json:"body"`
}

// Handler returns the server.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo/", echo)
	mux.HandleFunc("/html/", func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusOK) })
	mux.HandleFunc("/html404/", func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusNotFound) })
	mux.HandleFunc("/empty502/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("/truncated/", truncated)
	mux.HandleFunc("/redirect/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(r.URL.Path, "/redirect/", "/echo/", 1), http.StatusMovedPermanently)
	})
	mux.HandleFunc("/hang/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return fromAnywhere(mux)
}

// fromAnywhere lets the pages of every origin see the answers, for tests that
// run in a browser.
func fromAnywhere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" {
			w.Header().Set("Access-Control-Allow-Origin", "*")
		}
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Methods", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
	})
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Add("Set-Cookie", "a=1")
	w.Header().Add("Set-Cookie", "b=2")
	w.Header().Set("Content-Type", "application/json")
	// A client that went away meanwhile is no concern of the test's.
	_ = json.NewEncoder(w).Encode(Echo{r.Method, r.URL.EscapedPath(), r.Header, string(body)})
}

// Function is the handler of the function "echo", which every test server has:
// it answers with the Echo of what it was asked.
func Function(w http.ResponseWriter, r *http.Request) { echo(w, r) }

func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><title>Not the API</title>")
}

// truncated promises more than it sends.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"$id":`)
}
