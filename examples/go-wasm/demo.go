package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/isojot/isojot"
)

// demo is what the page does, without the page: nothing here knows whether it
// runs in a browser or natively, and the tests run it natively.
type demo struct {
	mu     sync.Mutex
	client *isojot.Client
	jwt    string
}

// errNoJWT tells the reader what comes first.
var errNoJWT = errors.New("there is no JWT yet: create one first")

func newDemo(endpoint, project string) (*demo, error) {
	client, err := isojot.NewClient(endpoint, project)
	if err != nil {
		return nil, err
	}
	return &demo{client: client}, nil
}

// signUp creates an account. It does not sign in.
func (d *demo) signUp(ctx context.Context, email, password string) (string, error) {
	user, err := d.current().Account.Create(ctx, isojot.CreateAccount{Email: email, Password: password})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Account %s created for %s. Now sign in.", user.ID, user.Email), nil
}

// signIn makes a session. In a browser the cookie jar holds it from here on.
// Natively there is no jar: the session's secret makes the client that uses it.
func (d *demo) signIn(ctx context.Context, email, password string) (string, error) {
	session, err := d.current().Account.CreateEmailPasswordSession(ctx,
		isojot.CreateEmailPasswordSession{Email: email, Password: password})
	if err != nil {
		return "", err
	}
	if session.Secret != "" {
		if err := d.use(isojot.WithSession(session.Secret)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("Session %s, good until %s.", session.ID, session.Expire.Format(time.DateOnly)), nil
}

// createJWT makes a token for the session and reads what it says.
func (d *demo) createJWT(ctx context.Context) (string, error) {
	answer, err := d.current().Account.CreateJWT(ctx, isojot.CreateJWT{Duration: 15 * time.Minute})
	if err != nil {
		return "", err
	}
	claims, err := isojot.Decode(answer.JWT)
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	d.jwt = answer.JWT
	d.mu.Unlock()
	return fmt.Sprintf("JWT for user %s, bound to session %s, valid until %s.",
		claims.UserID, claims.SessionID, claims.Expiry.Format(time.TimeOnly)), nil
}

// getWithSession asks who is signed in.
func (d *demo) getWithSession(ctx context.Context) (string, error) {
	return whoAmI(ctx, d.current())
}

// getWithJWT asks the same with the token alone, as a back end would.
func (d *demo) getWithJWT(ctx context.Context) (string, error) {
	d.mu.Lock()
	client, jwt := d.client, d.jwt
	d.mu.Unlock()
	if jwt == "" {
		return "", errNoJWT
	}
	client, err := client.With(isojot.WithJWT(jwt))
	if err != nil {
		return "", err
	}
	return whoAmI(ctx, client)
}

// signOut ends the session, and with it every token that it made. The token
// stays here, to show that it is refused.
func (d *demo) signOut(ctx context.Context) (string, error) {
	if err := d.current().Account.DeleteSession(ctx, "current"); err != nil {
		return "", err
	}
	return "Signed out. Try the JWT now.", d.use(isojot.WithSession(""))
}

func whoAmI(ctx context.Context, client *isojot.Client) (string, error) {
	user, err := client.Account.Get(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("The server sees %s (%s).", user.Email, user.ID), nil
}

func (d *demo) current() *isojot.Client {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.client
}

// use replaces the client. Clients do not change: With makes another.
func (d *demo) use(option isojot.Option) error {
	client, err := d.current().With(option)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.client = client
	return nil
}
