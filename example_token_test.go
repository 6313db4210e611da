//go:build !js

package isojot_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/isojot/isojot"
)

// One source for each session: however many goroutines ask, a token is made
// once in its life.
func ExampleAccount_TokenSource() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		signedIn, err := sessionOfAda(endpoint)
		if err != nil {
			fmt.Println(err)
			return
		}

		tokens, err := signedIn.Account.TokenSource()
		if err != nil {
			fmt.Println(err)
			return
		}
		defer tokens.Close()

		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if _, err := tokens.Token(ctx); err != nil {
					fmt.Println(err)
				}
			})
		}
		group.Wait()
		token, err := tokens.Token(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(token.UserID, token.JWT == tokens.Peek().JWT)
	})
	// Output: ada true
}

// A client with a source acts by its tokens and never sees one expire.
func ExampleWithTokenSource() {
	withServer(func(endpoint string) {
		signedIn, err := sessionOfAda(endpoint)
		if err != nil {
			fmt.Println(err)
			return
		}
		tokens, err := signedIn.Account.TokenSource()
		if err != nil {
			fmt.Println(err)
			return
		}
		defer tokens.Close()

		client, err := signedIn.With(isojot.WithTokenSource(tokens))
		if err != nil {
			fmt.Println(err)
			return
		}
		user, err := client.Account.Get(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(user.Name)
	})
	// Output: Ada
}

// Signing out by the source's client lets go of the token at once.
func ExampleSessionTokens_OnChange() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		signedIn, err := sessionOfAda(endpoint)
		if err != nil {
			fmt.Println(err)
			return
		}
		tokens, err := signedIn.Account.TokenSource()
		if err != nil {
			fmt.Println(err)
			return
		}
		defer tokens.Close()

		stop := tokens.OnChange(func(c isojot.Change) { fmt.Println(c.Kind, c.UserID) })
		defer stop()
		if _, err := tokens.Token(ctx); err != nil {
			fmt.Println(err)
			return
		}
		if err := tokens.Client().Account.DeleteSession(ctx, "current"); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(tokens.Peek())
	})
	// Output:
	// signed-in ada
	// token-refreshed ada
	// signed-out ada
	// <nil>
}

// Why a call was not let through, and what to do about it.
func ExampleReason() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		signedIn, err := sessionOfAda(endpoint)
		if err != nil {
			fmt.Println(err)
			return
		}
		if _, err := signedIn.Account.Get(ctx); err != nil {
			fmt.Println(err)
			return
		}
		if err := signedIn.Account.DeleteSessions(ctx); err != nil {
			fmt.Println(err)
			return
		}
		_, err = signedIn.Account.Get(ctx)
		if e, ok := err.(*isojot.Error); ok {
			fmt.Println(e.Reason)
			fmt.Println(e.Reason.Advice())
		}
	})
	// Output:
	// session-ended
	// Sign in again: the session has expired, was signed out elsewhere, or its user is gone.
}

// sessionOfAda is a client with a new session of Ada's.
func sessionOfAda(endpoint string) (*isojot.Client, error) {
	base, err := isojot.NewClient(endpoint, "demo")
	if err != nil {
		return nil, err
	}
	session, err := base.Account.CreateEmailPasswordSession(context.Background(),
		isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: passwordOfAda})
	if err != nil {
		return nil, err
	}
	return base.With(isojot.WithSession(session.Secret))
}
