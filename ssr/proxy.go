package ssr

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/isojot/isojot"
)

// ProxyPath is where Proxy is to be mounted: mux.Handle(ssr.ProxyPath, ...).
const ProxyPath = "/v1/"

// MaxProxyBody bounds what a request through Proxy may send: 16 MiB. The
// largest that the API takes is an execution's body of 10 MiB, in JSON.
const MaxProxyBody = 16 << 20

// proxied is what the answer's side of a request through the proxy knows of it.
type proxied struct {
	secure  bool   // the browser came by https
	session string // that the request presents, or ""
}

type proxiedKey struct{}

// Proxy answers ProxyPath by what the API answers, so that scripts of the page
// use the API on the page's own origin: setEndpoint(location.origin + "/v1").
// Its cookie then is no third party's, which browsers block; it is the same one
// that the program reads, and no script can read it.
//
// What it carries: requests for the client's project, with the project's
// session cookie and no other, without API keys. Sessions come back as a cookie
// of this origin (HttpOnly, SameSite=Lax, Secure for https), never in a header
// that scripts can read. Requests that change something and come from pages of
// other sites are 403, as with Middleware, and no other origin may read
// answers. Bodies are streamed; a request's has at most MaxProxyBody. Refusals
// are JSON of the API's form.
func (s *Sessions) Proxy() http.Handler {
	endpoint, err := url.Parse(s.base.Endpoint())
	if err != nil { // isojot.NewClient has checked it
		panic(invalid("endpoint: " + err.Error()))
	}
	carry := &httputil.ReverseProxy{
		Rewrite:        s.rewrite,
		Transport:      s.roundTripper,
		ModifyResponse: s.modify,
		ErrorHandler:   s.proxyFailed,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.origins.Check(r); err != nil {
			s.refuseOrigin(r)
			refuse(w, http.StatusForbidden, isojot.ErrAccessForbidden, crossOriginText)
			return
		}
		target, bad := s.target(endpoint, r)
		if bad != nil {
			refuse(w, bad.Code, bad.Type, bad.Message)
			return
		}
		about := proxied{secure: s.https(r), session: s.cookie.read(r)}
		r = r.WithContext(context.WithValue(r.Context(), proxiedKey{}, about))
		r.URL = target
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, MaxProxyBody)
		}
		carry.ServeHTTP(w, r)
	})
}

// refuse answers as the API would (contract section 3).
func refuse(w http.ResponseWriter, status int, kind isojot.ErrorType, message string) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", noStore)
	w.WriteHeader(status)
	// An error here is a client that has gone.
	_ = json.NewEncoder(w).Encode(struct {
		Message string           `json:"message"`
		Code    int              `json:"code"`
		Type    isojot.ErrorType `json:"type"`
	}{message, status, kind})
}

// proxyFailed answers a request that the API did not answer.
func (s *Sessions) proxyFailed(w http.ResponseWriter, r *http.Request, err error) {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		refuse(w, http.StatusRequestEntityTooLarge, isojot.ErrBadRequest, tooLargeText)
		return
	}
	if r.Context().Err() == nil { // else the browser has gone
		s.log().WarnContext(r.Context(), "the API gave the proxy no answer", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	refuse(w, http.StatusServiceUnavailable, isojot.ErrUnknown, "The API does not answer at the moment; try again later")
}

const tooLargeText = "The request's body is larger than 16 MiB"
