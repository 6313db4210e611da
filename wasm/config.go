//go:build js && wasm

package main

import (
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/browser"
)

// options are what a JavaScript Client is constructed with, for good.
type options struct {
	client []isojot.Option
	token  []isojot.TokenOption
}

func optionsOf(config browser.Value) options {
	var o options
	o.client = append(o.client, isojot.WithResponseFormat(browser.String(browser.Get(config, "format"))))
	if own, given := storageOf(config, "storage"); given {
		o.client = append(o.client, isojot.WithStorage(own))
	}
	if own, given := storageOf(config, "tokenStorage"); given {
		o.token = append(o.token, isojot.TokenStorage(own))
	}
	if d := browser.Int(browser.Get(config, "tokenDuration")); d > 0 {
		o.token = append(o.token, isojot.TokenDuration(time.Duration(d)*time.Second))
	}
	if early := browser.Get(config, "tokenRefreshEarly"); browser.Int(early) >= 0 && browser.Present(early) {
		o.token = append(o.token, isojot.RefreshEarly(time.Duration(browser.Int(early))*time.Second))
	}
	return o
}

// storageOf is the storage of that name, nil where the config says null, and
// whether it says anything.
func storageOf(config browser.Value, name string) (own isojot.Storage, given bool) {
	object := browser.Get(config, name)
	if browser.Present(object) {
		return browser.NewStorage(object), true
	}
	return nil, object.IsNull()
}

// identity is whom a client talks to, and as whom.
type identity struct{ endpoint, project, session, jwt, key string }

// settings are the parts of a config that decide about the token.
type settings struct {
	identity
	// generation counts JavaScript's changes of identity: it ignores what is
	// pushed for an earlier one.
	generation int
}

func settingsOf(config browser.Value) settings {
	field := func(name string) string { return browser.String(browser.Get(config, name)) }
	return settings{
		identity{field("endpoint"), field("project"), field("session"), field("jwt"), field("key")},
		browser.Int(browser.Get(config, "generation")),
	}
}

// dressOf reads the parts that may differ from call to call.
func dressOf(config browser.Value) ([]isojot.Option, error) {
	opts := []isojot.Option{isojot.WithLocale(browser.String(browser.Get(config, "locale")))}
	header := browser.Get(config, "headers")
	names, err := browser.Keys(header)
	for _, name := range names {
		opts = append(opts, isojot.WithHeader(name, browser.String(browser.Get(header, name))))
	}
	return opts, err
}
