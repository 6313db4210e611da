package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/isojot/isojot/internal/mask"
	"github.com/isojot/isojot/internal/urlpath"
)

// forward sends calls to a URL.
type forward struct {
	base   *url.URL
	output int
	client *http.Client
}

// HTTP forwards each call to target, an http or https URL: the call's path and
// query are appended to target's path, and a path that could lead out of it is
// refused (TakesPath). All headers are forwarded except those for one connection
// only; Host is target's, and X-Forwarded-Host the caller's. A redirect is the
// answer, cookies are not kept, and no proxy is used: it would see the caller's
// JWT. There are no logs.
//
// ErrStart says that target could not be reached, ErrCrashed that it broke off.
func HTTP(c Config, target string) (Runner, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("%w: the URL cannot be read: %w", ErrStart, withoutURL(err))
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("%w: %s: a target is http://HOST/PATH or https://HOST/PATH, without ? and #", ErrStart, mask.URL(target))
	}
	transport := &http.Transport{
		// A body goes through as it is.
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return &forward{base, c.Output, client}, nil
}

// TakesPath reports whether a path stays below the target's own, however a server
// reads it.
func (f *forward) TakesPath(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return urlpath.Plain(path)
}

func (f *forward) Close() error {
	f.client.CloseIdleConnections()
	return nil
}

func (f *forward) Run(ctx context.Context, req *Request) (*Result, error) {
	call, err := f.request(ctx, req)
	if err != nil {
		return &Result{}, fmt.Errorf("%w: %w", ErrCrashed, withoutURL(err))
	}
	response, err := f.client.Do(call)
	if err != nil {
		return &Result{}, forwardError(ctx, req, err)
	}
	defer response.Body.Close()
	length := response.ContentLength
	if req.Method == http.MethodHead {
		length = 0 // of what GET would answer
	}
	body, err := req.readAll(response.Body, length, f.output)
	switch {
	case errors.Is(err, ErrNoRoom):
		return &Result{}, err
	case err != nil:
		return &Result{}, forwardError(ctx, req, err)
	case len(body) > f.output:
		return &Result{}, tooLarge("its body", f.output)
	}
	header, err := answerHeader(response.Header)
	if err := errors.Join(checkStatus(response.StatusCode), err); err != nil {
		return &Result{}, err
	}
	return &Result{Status: response.StatusCode, Header: header, Body: body}, nil
}

func (f *forward) request(ctx context.Context, req *Request) (*http.Request, error) {
	if !f.TakesPath(req.Path) {
		return nil, errors.New("it was asked for a path that could lead out of its own")
	}
	path, query, _ := strings.Cut(req.Path, "?")
	target := *f.base
	joined := strings.TrimSuffix(f.base.EscapedPath(), "/") + path
	var err error
	if target.Path, err = url.PathUnescape(joined); err != nil {
		return nil, err
	}
	target.RawPath, target.RawQuery = joined, query
	call, err := http.NewRequestWithContext(ctx, req.Method, target.String(), bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	call.Header = req.Header.Clone()
	removeHopByHop(call.Header)
	call.Header.Del("Content-Length")
	if host := call.Header.Get("Host"); host != "" {
		call.Header.Set("X-Forwarded-Host", host)
		call.Header.Del("Host")
	}
	if call.Header.Values("User-Agent") == nil {
		call.Header["User-Agent"] = nil // none, instead of Go's
	}
	return call, nil
}

// forwardError says what went wrong. The error may quote what target answered,
// and so a token that it sent back.
func forwardError(ctx context.Context, req *Request, err error) error {
	if ctx.Err() != nil {
		return contextError(ctx)
	}
	err = withoutURL(err)
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return fmt.Errorf("%w: %w", ErrStart, err)
	}
	return fmt.Errorf("%w: %s", ErrCrashed, redact([]byte(err.Error()), secretsOf(req)))
}

// withoutURL is err without the URL in its text, which may hold a password, and
// a query of the caller's.
func withoutURL(err error) error {
	var where *url.Error
	if errors.As(err, &where) {
		return where.Err
	}
	return err
}
