package mask_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/services/storage"
	"github.com/isojot/isojot/ssr"
)

// badURLs are those that somebody may write with a password.
var badURLs = []string{
	"http://ann:" + planted + "@localhost/v1", "http://ann:" + planted + "@", "ftp://ann:" + planted + "@localhost/v1",
	"ann:" + planted + "@localhost", "http://localhost/v1?key=" + planted, "http://localhost/v1#" + planted, "://ann:" + planted + "@localhost",
	"http://ann:" + planted + "@local host/v1", "http://ann:" + planted + "@localhost:port/v1",
}

// error prints an error and each that it wraps.
func (p *printer) error(what string, err error) {
	p.t.Helper()
	if err == nil {
		p.t.Errorf("%s: no error", what)
	}
	for ; err != nil; err = errors.Unwrap(err) {
		p.all(what, err)
		p.verbs(what+", hidden", "vdx", hidden[error]{err})
	}
}

func TestErrorsQuoteNoPassword(t *testing.T) {
	p := newPrinter(t)
	base := must(isojot.NewClient("http://localhost/v1", "demo"))(t)
	for _, url := range badURLs {
		_, err := isojot.NewClient(url, "demo")
		p.error("NewClient "+url[:5], err)
		t.Setenv("APPWRITE_FUNCTION_API_ENDPOINT", url)
		t.Setenv("APPWRITE_FUNCTION_PROJECT_ID", "demo")
		_, err = isojot.FromFunction()
		p.error("FromFunction", err)
		_, err = ssr.New(base, ssr.PublicOrigin(url))
		p.error("PublicOrigin", err)
		_, err = ssr.New(base, ssr.TrustOrigin(url))
		p.error("TrustOrigin", err)
		if _, err = auth.NewJWKS(url); err != nil { // a query is good
			p.error("NewJWKS", err)
		}
	}
	_, err := isojot.NewClient("http://localhost/v1", planted+planted)
	p.error("a key for a project", err)
}

func TestServerErrorsQuoteNoPassword(t *testing.T) {
	p := newPrinter(t)
	for _, o := range []server.Options{
		{Memory: true, Endpoint: badURLs[2]},
		{Memory: true, Endpoint: badURLs[3]},
		{Memory: true, AllowOrigins: []string{badURLs[7]}},
		{Memory: true, AllowOrigins: []string{badURLs[8]}},
		{Memory: true, Functions: []server.Function{{ID: "one", Target: badURLs[2]}}},
		{Memory: true, Functions: []server.Function{{ID: "one", Target: badURLs[4]}}},
		{Memory: true, Functions: []server.Function{{ID: "one", Target: badURLs[7]}}},
		{DatabaseURL: "postgres://ann:" + planted + "@127.0.0.1:1/db"},
		{DatabaseURL: "postgres://ann:" + planted + "@127.0.0.1:port/db"},
		{DatabaseURL: "host=127.0.0.1 password=" + planted},
	} {
		_, err := server.New(t.Context(), o)
		p.error("server.New", err)
	}
}

// What answers may say anything: what it was sent, or where else to go.
func TestErrorsOfAnswersHoldNoCredential(t *testing.T) {
	p := newPrinter(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/moved/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/login?jwt="+r.Header.Get("X-Appwrite-Jwt"), http.StatusFound)
	})
	mux.HandleFunc("/told/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "<html>"+r.Header.Get("X-Appwrite-Jwt"))
	})
	mux.HandleFunc("/wrong/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"$id":7,"secret":"`+r.Header.Get("X-Appwrite-Jwt")+`"}`)
	})
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	for _, endpoint := range []string{srv.URL + "/moved", srv.URL + "/told", srv.URL + "/wrong", gone.URL} {
		client := must(isojot.NewClient(endpoint, "demo", isojot.WithJWT(jwt)))(t)
		_, err := client.Account.Get(t.Context())
		p.error(endpoint, err)
		remote := must(auth.NewRemote(client))(t)
		_, err = remote.Verify(t.Context(), jwt)
		p.error("Verify", err)
	}
}

// A token for a file goes in the query, which errors do not quote.
func TestErrorsHoldNoToken(t *testing.T) {
	p := newPrinter(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/bad/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("/moved/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	get := func(ctx context.Context, client *isojot.Client) error {
		_, err := storage.New(client).GetFileView(ctx, storage.GetFileView{BucketID: "b", FileID: "f", Token: planted})
		return err
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, endpoint := range []string{srv.URL + "/bad", srv.URL + "/moved", gone.URL} {
		client := must(isojot.NewClient(endpoint, "demo"))(t)
		p.error(endpoint, get(t.Context(), client))
		p.error("canceled", get(ended, client))
	}
	own := isojot.TransportFunc(func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		return nil, &url.Error{Op: "Get", URL: req.URL, Err: io.ErrUnexpectedEOF}
	})
	err := get(t.Context(), must(isojot.NewClient(gone.URL, "demo", isojot.WithTransport(own)))(t))
	p.error("a transport's own", err)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v does not wrap its cause", err)
	}
	quoting := isojot.TransportFunc(func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		return nil, errors.New("error sending request for url (" + req.URL + ")")
	})
	err = get(t.Context(), must(isojot.NewClient(gone.URL, "demo", isojot.WithTransport(quoting)))(t))
	if strings.Contains(err.Error(), planted) || !strings.Contains(err.Error(), "?"+mask.Text) {
		t.Errorf("%v", err)
	}
}
