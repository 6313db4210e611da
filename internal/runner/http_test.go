package runner

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func TestHTTPForwards(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "1")
		w.Header().Set("Set-Cookie", "kept=no")
		w.WriteHeader(http.StatusCreated)
		if err := json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "uri": r.RequestURI, "body": string(body), "header": r.Header, "host": r.Host,
		}); err != nil {
			t.Error(err)
		}
	})
	r, err := HTTP(Config{}, url+"/base/")
	r = mustRunner(t, r, err)
	for range 2 { // the second shows that no cookie was kept
		req := request()
		req.Header.Set("Connection", "keep-alive, X-Drop")
		req.Header.Set("X-Drop", "1")
		delete(req.Header, "X_Appwrite_User_Id")
		delete(req.Header, "Cookie")
		got := mustRun(t, r, req)
		if got.Status != 201 || got.Header.Get("X-Hop") != "" || got.Header.Get("Set-Cookie") != "kept=no" {
			t.Errorf("got %d %v", got.Status, got.Header)
		}
		var saw struct {
			Method, URI, Body, Host string
			Header                  http.Header
		}
		if err := json.Unmarshal(got.Body, &saw); err != nil {
			t.Fatal(err)
		}
		if saw.Method != "PUT" || saw.URI != "/base/a%20b/c?x=1&y=%20" || saw.Body != `{"n":1}` || "http://"+saw.Host != url {
			t.Errorf("it saw %+v", saw)
		}
		for name, want := range map[string]string{
			"X-Appwrite-User-Jwt": userJWT, "Content-Type": "application/json", "X-Forwarded-Host": "api.test:8080",
			"X-Drop": "", "Cookie": "", "User-Agent": "", "Content-Length": "7",
		} {
			if got := saw.Header.Get(name); got != want {
				t.Errorf("header %s is %q, want %q", name, got, want)
			}
		}
	}
}

func TestHTTPStaysBelowItsPath(t *testing.T) {
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if _, err := io.WriteString(w, r.Host+r.RequestURI); err != nil {
			t.Error(err)
		}
	})
	r, err := HTTP(Config{}, url+"/base")
	r = mustRunner(t, r, err)
	good := []string{"/", "/a/", "/a/b.c/...", "/a%20b?/../x", "/%C3%BC", "/a:b@c"}
	for _, path := range good {
		req := request()
		req.Path = path
		if got := string(mustRun(t, r, req).Body); got != strings.TrimPrefix(url, "http://")+"/base"+path || !TakesPath(r, path) {
			t.Errorf("%s went to %s", path, got)
		}
	}
	for _, path := range []string{"/../x", "/a/../../x", "/..", "/./x", "//evil.test/x", "/a//b", "//", "/%2e%2e/x?y", "/.%2E", "/a%2Fb", "/..%2f..%2fx",
		"/..%5cx", `/..\x`, "/%252e%252e/x", "/..;/x", "/..%3b/x", "/%zz", "x", "/%00"} {
		req := request()
		req.Path = path
		if got, err := r.Run(t.Context(), req); !errors.Is(err, ErrCrashed) || got.Status != 0 || TakesPath(r, path) {
			t.Errorf("%s: %d %q, %v", path, got.Status, got.Body, err)
		}
	}
	if asked != len(good) {
		t.Errorf("it was asked %d times", asked)
	}
	if sh := script(t, Config{}, "cat"); !TakesPath(sh, "/../x") {
		t.Error("a command has no path of its own")
	}
}

func TestHTTPAnswers(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		// Only behind the body does a server notice that the caller is gone.
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/large":
			_, _ = w.Write(make([]byte, 3000)) // refused there
		case "/headers":
			w.Header().Set("A", strings.Repeat("x", 2*maxHeader))
		case "/breaks":
			panic(http.ErrAbortHandler)
		case "/hangs":
			<-r.Context().Done()
		}
	})
	r, err := HTTP(Config{Output: 2000}, url)
	r = mustRunner(t, r, err)
	for _, test := range []struct {
		path   string
		status int
		want   error
	}{
		{"/redirect", 302, nil}, {"/large", 0, ErrTooLarge}, {"/headers", 0, ErrCrashed}, {"/breaks", 0, ErrCrashed},
		{"/%zz", 0, ErrCrashed},
	} {
		req := request()
		req.Path = test.path
		if got, err := r.Run(t.Context(), req); got.Status != test.status || !errors.Is(err, test.want) {
			t.Errorf("%s: got %d, %v, want %d, %v", test.path, got.Status, err, test.status, test.want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), hangTime)
	defer cancel()
	req := request()
	req.Path = "/hangs?token=secret"
	if _, err := r.Run(ctx, req); !errors.Is(err, ErrTimeout) || strings.Contains(err.Error(), "secret") {
		t.Errorf("a hanging one: %v, want ErrTimeout", err)
	}
}

func TestHTTPCannotReach(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://ada:password@" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := HTTP(Config{}, url)
	if _, err := mustRunner(t, r, err).Run(t.Context(), request()); !errors.Is(err, ErrStart) || strings.Contains(err.Error(), "password") {
		t.Errorf("got %v, want ErrStart without the password", err)
	}
}
