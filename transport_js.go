package isojot

import (
	"context"

	"github.com/isojot/isojot/internal/browser"
)

// platform fills in what differs below the seam: fetch, and in browsers the
// cookie jar, what tabs share, and requests that may fail for CORS.
func platform(c config) config {
	c.transport = fetchTransport{}
	c.jar = browser.HasCookieJar()
	if c.jar {
		c.tabs = &browserTabs{own: browser.SessionStorage(), all: browser.LocalStorage(), open: openChannel}
		c.storage = c.tabs.all
		c.probe = browser.Probe
	}
	return c
}

// openChannel returns nil in browsers that have no BroadcastChannel.
func openChannel(name string, receive func(string)) channel {
	c, err := browser.OpenChannel(name, receive)
	if err != nil {
		return nil
	}
	return c
}

// fetchTransport carries requests by the platform's fetch.
type fetchTransport struct{}

// RoundTrip implements Transport.
func (fetchTransport) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	res, err := browser.Fetch(ctx, browser.Request{
		Method: req.Method, URL: req.URL, Header: req.Header, Body: req.Body,
		Credentials: credentials(req), MaxBytes: MaxResponseBytes,
	})
	if err != nil {
		return nil, err
	}
	return &Response{Status: res.Status, Header: res.Header, Body: res.Body}, nil
}

// withoutURL is err, and unquoted the text: fetch quotes no URL.
func withoutURL(err error) error { return err }

func unquoted(text string, _ *Request) string { return text }

// credentials is the credentials mode of fetch. Where there is no cookie jar
// the mode is left unset: some runtimes refuse the member altogether.
func credentials(req *Request) string {
	switch {
	case !browser.HasCookieJar():
		return ""
	case req.Cookies:
		return "include"
	}
	return "omit"
}
