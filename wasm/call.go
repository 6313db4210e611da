//go:build js && wasm

package main

import (
	"context"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// call starts an operation, by its descriptor and its parameters as they go over
// the wire, with the client as it is now, and returns the promise of {json, text, location, secret, cleared}.
func (h *handle) call(id int, descriptor, request browser.Value) (any, error) {
	client, _, err := h.current()
	var operation isojot.Operation
	var p isojot.Params
	if err == nil {
		operation, err = operationOf(descriptor)
	}
	if err == nil {
		p, err = paramsOf(request)
	}
	return h.promise(id, func(ctx context.Context) (any, error) {
		if err != nil {
			return nil, err
		}
		res, err := client.Do(ctx, operation, p)
		if err != nil {
			return nil, err
		}
		return answer(client, operation, res)
	})
}

func answer(client *isojot.Client, operation isojot.Operation, res *isojot.Response) (any, error) {
	o := browser.New("Object")
	o.Set("json", strings.HasPrefix(res.Get("content-type"), "application/json") && !strings.HasPrefix(operation.Pattern, "HEAD "))
	o.Set("text", string(res.Body))
	if secret := client.SessionSecret(res); secret != "" {
		o.Set("secret", secret)
	}
	if operation.Answer == isojot.AnswerLocation {
		o.Set("location", res.Get("location"))
	}
	o.Set("cleared", takesBack(res))
	return o.Value()
}

// takesBack reports whether the answer removes the session's cookie (contract
// section 4).
func takesBack(res *isojot.Response) bool {
	return slices.ContainsFunc(res.Header["set-cookie"], func(line string) bool {
		pair, _, _ := strings.Cut(line, ";")
		return strings.HasPrefix(pair, "a_session_") && strings.HasSuffix(pair, "=deleted")
	})
}

// paramsOf reads a request {path, query, body, headers} as JavaScript has written
// it.
func paramsOf(request browser.Value) (isojot.Params, error) {
	p := isojot.Params{RawQuery: browser.String(browser.Get(request, "query"))}
	if body := browser.Get(request, "body"); browser.Present(body) {
		p.Body = []byte(browser.String(body))
	}
	var err error
	if p.Path, err = textsOf(browser.Get(request, "path")); err == nil {
		p.Header, err = textsOf(browser.Get(request, "headers"))
	}
	return p, err
}

// textsOf copies an object of texts.
func textsOf(object browser.Value) (map[string]string, error) {
	names, err := browser.Keys(object)
	texts := make(map[string]string, len(names))
	for _, name := range names {
		texts[name] = browser.String(browser.Get(object, name))
	}
	return texts, err
}
