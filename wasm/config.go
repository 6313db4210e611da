//go:build js && wasm

package main

import (
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/jsx"
)

// options are what a JavaScript Client is constructed with, for good.
type options struct {
	client []isojot.Option
	token  []isojot.TokenOption
}

func optionsOf(config jsx.Value) options {
	var o options
	switch own := jsx.Get(config, "storage"); {
	case jsx.Present(own):
		o.client = append(o.client, isojot.WithStorage(jsx.NewStorage(own)))
	case own.IsNull():
		o.client = append(o.client, isojot.WithStorage(nil))
	}
	switch own := jsx.Get(config, "tokenStorage"); {
	case jsx.Present(own):
		o.token = append(o.token, isojot.TokenStorage(jsx.NewStorage(own)))
	case own.IsNull():
		o.token = append(o.token, isojot.TokenStorage(nil))
	}
	if d := jsx.Int(jsx.Get(config, "tokenDuration")); d > 0 {
		o.token = append(o.token, isojot.TokenDuration(time.Duration(d)*time.Second))
	}
	if early := jsx.Get(config, "tokenRefreshEarly"); jsx.Int(early) >= 0 && jsx.Present(early) {
		o.token = append(o.token, isojot.RefreshEarly(time.Duration(jsx.Int(early))*time.Second))
	}
	return o
}

// identity is whom a client talks to, and as whom.
type identity struct{ endpoint, project, session, jwt string }

// settings are the parts of a config that decide about the token.
type settings struct {
	identity
	// generation counts JavaScript's changes of identity: it ignores what is
	// pushed for an earlier one.
	generation int
}

func settingsOf(config jsx.Value) settings {
	field := func(name string) string { return jsx.String(jsx.Get(config, name)) }
	return settings{
		identity{field("endpoint"), field("project"), field("session"), field("jwt")},
		jsx.Int(jsx.Get(config, "generation")),
	}
}

// dressOf reads the parts that may differ from call to call.
func dressOf(config jsx.Value) ([]isojot.Option, error) {
	opts := []isojot.Option{isojot.WithLocale(jsx.String(jsx.Get(config, "locale")))}
	header := jsx.Get(config, "headers")
	names, err := jsx.Keys(header)
	for _, name := range names {
		opts = append(opts, isojot.WithHeader(name, jsx.String(jsx.Get(header, name))))
	}
	return opts, err
}
