package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

const (
	email    = "ada@example.com"
	password = "correct horse battery"
	// Whoever signs in over and over is another user: the eleventh session
	// ends the first, whose JWT is measured.
	visitor = "bob@example.com"
)

// startIsojot makes the server, without limits, on a database file, and a
// user with a session and a JWT.
func startIsojot(ctx context.Context, dir string) (http.Handler, map[string]string, io.Closer, error) {
	srv, err := server.New(ctx, server.Options{DataDir: dir, Limits: server.LimitsOff})
	if err != nil {
		return nil, nil, nil, err
	}
	return withUser(ctx, srv)
}

// withUser signs a user in to the server, and closes it where that fails.
func withUser(ctx context.Context, srv *server.Server) (http.Handler, map[string]string, io.Closer, error) {
	more, err := signIn(ctx, srv)
	if err != nil {
		return nil, nil, nil, errors.Join(err, srv.Close())
	}
	return srv, more, srv, nil
}

func signIn(ctx context.Context, handler http.Handler) (map[string]string, error) {
	listener := httptest.NewServer(handler)
	defer listener.Close()
	client, err := isojot.NewClient(listener.URL+"/v1", server.DefaultProject)
	if err != nil {
		return nil, err
	}
	for _, address := range []string{email, visitor} {
		if _, err := client.Account.Create(ctx, isojot.CreateAccount{Email: address, Password: password, Name: "Ada"}); err != nil {
			return nil, err
		}
	}
	session, err := client.Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: email, Password: password})
	if err != nil {
		return nil, err
	}
	if client, err = client.With(isojot.WithSession(session.Secret)); err != nil {
		return nil, err
	}
	token, err := client.Account.CreateJWT(ctx, isojot.CreateJWT{})
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"jwt":    token.JWT,
		"cookie": "a_session_" + server.DefaultProject + "=" + session.Secret,
		"login":  fmt.Sprintf(`{"email":%q,"password":%q}`, visitor, password),
	}, nil
}
