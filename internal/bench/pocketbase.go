package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// startPocketBase makes a PocketBase in its default configuration, which logs
// every request, with a user and a token of theirs.
func startPocketBase(_ context.Context, dir string) (http.Handler, map[string]string, io.Closer, error) {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return nil, nil, nil, err
	}
	handler, more, err := preparePocketBase(app)
	if err != nil {
		return nil, nil, nil, errors.Join(err, app.ResetBootstrapState())
	}
	return handler, more, closer(app.ResetBootstrapState), nil
}

func preparePocketBase(app core.App) (http.Handler, map[string]string, error) {
	if err := app.RunAllMigrations(); err != nil {
		return nil, nil, err
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, nil, err
	}
	user := core.NewRecord(users)
	user.SetEmail(email)
	user.SetPassword(password)
	user.Set("name", "Ada")
	if err := app.Save(user); err != nil {
		return nil, nil, err
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return nil, nil, err
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		return nil, nil, err
	}
	handler, err := router.BuildMux()
	return handler, map[string]string{
		"jwt":   token,
		"user":  user.Id,
		"login": fmt.Sprintf(`{"identity":%q,"password":%q}`, email, password),
	}, err
}

// closer is a function that ends something.
type closer func() error

// Close implements io.Closer.
func (c closer) Close() error { return c() }
