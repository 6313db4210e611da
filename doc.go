// Package isojot is a client for Appwrite-compatible account and JWT APIs. It
// is the same package in a native Go program and, compiled with GOOS=js
// GOARCH=wasm, in a browser or under Node.
//
// A page signs its user in, which leaves a session cookie in the browser, and
// creates a short-lived JWT; a server that is handed the JWT makes a client
// with it and acts for the user:
//
//	base, err := isojot.NewClient("http://localhost:7519/v1", "demo")
//	...
//	client, err := base.With(isojot.WithJWT(token)) // for one request
//	...
//	user, err := client.Account.Get(ctx)
//
// A Client is immutable: make one at start-up and a copy, by With, for each
// request. Every error of a call is an *Error; compare its kind with
// errors.Is:
//
//	if errors.Is(err, isojot.ErrUserBlocked) { ... }
//
// # One identity a request
//
// A server refuses a request that carries both a JWT and a session. So each
// operation takes exactly one lane (see Routes): after WithJWT, Get uses the
// token while CreateJWT and signing out still use the session. An operation
// that needs an identity and finds none fails before anything is sent.
//
// # Other services
//
// The Account and Functions are part of this package. Other services are
// packages below services/, such as services/locale: they perform their
// operations by Client.Do, and so have the lanes, tokens and errors of this
// package. A program links those that it imports.
//
// # Browser
//
// Compiled for the browser, requests are made by fetch. On the session lane
// they carry the browser's cookies, which the program cannot see: a session
// always may exist, Session.Secret stays empty, and where cookies are blocked
// the session is kept in localStorage under the official SDK's name (in a web
// worker, which has none, in memory). Under Node and in other servers' runtimes
// there is no cookie jar, and the client behaves as natively. Set-Cookie can be
// read natively and there only. A context that ends aborts the fetch.
// WithHTTPClient exists natively only.
//
// # Security
//
// Decode reads a token and never verifies it. Native clients keep no cookies
// and follow no redirects, and remember no session unless WithStorage says
// where. Errors never hold a credential that was passed in.
//
// # Credentials
//
// fmt, log, log/slog, text/template and encoding/json show "***" in the place of
// a credential: of a Client, Token, JWT, Session, of the parameters that hold a
// password or secret, and, with its body, of a Request and a Response. Their
// fields have the text itself, and decoding JSON fills them. So what passes a
// credential on names the field:
//
//	json.NewEncoder(w).Encode(map[string]string{"jwt": token.JWT})
//
// fmt asks nobody about what is in an unexported field. It shows no credential
// of a Client or SessionTokens there; of a Token, JWT or Session it does, where
// that is held by value, or by pointer and printed by a verb that is not for
// pointers, such as %s.
package isojot
