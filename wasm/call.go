//go:build js && wasm

package main

import (
	"context"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// call starts an operation, by its descriptor, with the client and the
// parameters as they are now, and returns the promise of {json, text, secret}.
func (h *handle) call(id int, descriptor, params browser.Value) (any, error) {
	client, _, err := h.current()
	var operation isojot.Operation
	var p isojot.Params
	if err == nil {
		operation, err = operationOf(descriptor)
	}
	if err == nil {
		p, err = paramsOf(operation.Route, params)
	}
	return h.promise(id, func(ctx context.Context) (any, error) {
		if err != nil {
			return nil, err
		}
		res, err := client.Do(ctx, operation, p)
		if err != nil {
			return nil, err
		}
		return answer(client, res), nil
	})
}

func answer(client *isojot.Client, res *isojot.Response) map[string]any {
	a := map[string]any{
		"json": strings.HasPrefix(res.Get("content-type"), "application/json"),
		"text": string(res.Body),
	}
	if secret := client.SessionSecret(res); secret != "" {
		a["secret"] = secret
	}
	if takesBack(res) {
		a["cleared"] = true
	}
	return a
}

// takesBack reports whether the answer removes the session's cookie (contract
// section 4).
func takesBack(res *isojot.Response) bool {
	return slices.ContainsFunc(res.Header["set-cookie"], func(line string) bool {
		pair, _, _ := strings.Cut(line, ";")
		return strings.HasPrefix(pair, "a_session_") && strings.HasSuffix(pair, "=deleted")
	})
}

// paramsOf parts an object into what goes in the path and what in the body.
func paramsOf(route isojot.Route, params browser.Value) (isojot.Params, error) {
	p := isojot.Params{Path: map[string]string{}}
	rest, err := browser.Global("Object").Call("assign", map[string]any{}, params)
	if err != nil {
		return p, err
	}
	for _, name := range wildcards(route.Pattern) {
		p.Path[name] = browser.String(browser.Get(rest, name))
		if err := rest.Delete(name); err != nil {
			return p, err
		}
	}
	if route.Effect == isojot.EffectEnvelope {
		rest = browser.Get(rest, "query") // GraphQL's body is the query itself, or a list of them
	}
	names, err := browser.Keys(rest)
	if err != nil || len(names) == 0 {
		return p, err
	}
	if strings.HasPrefix(route.Pattern, "GET ") {
		p.Query, err = queryOf(rest, names)
		return p, err
	}
	body, err := browser.Global("JSON").Call("stringify", rest)
	if err != nil {
		return p, err
	}
	p.Body = []byte(browser.String(body))
	return p, nil
}

// queryOf writes the members of an object as those of a query: the items of a
// list are numbered.
func queryOf(object browser.Value, names []string) (map[string]string, error) {
	query := map[string]string{}
	for _, name := range names {
		value := browser.Get(object, name)
		items, err := browser.Keys(value)
		if err != nil {
			return nil, err
		}
		if items == nil {
			query[name] = browser.Text(value)
		}
		for _, item := range items {
			query[name+"["+item+"]"] = browser.Text(browser.Get(value, item))
		}
	}
	return query, nil
}
