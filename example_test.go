//go:build !js

package isojot_test

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

// A server is handed a JWT and acts for the user who made it, without logging
// in and without an API key.
func ExampleWithJWT() {
	withServer(func(endpoint string) {
		// Once, at start-up:
		base, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}

		// For each request, with the token that came with it:
		client, err := base.With(isojot.WithJWT(tokenOfAda(base)))
		if err != nil {
			fmt.Println(err)
			return
		}
		user, err := client.Account.Get(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(user.Name, user.Email)
	})
	// Output: Ada ada@example.com
}

// Outside browsers, a sign-in returns the session's secret, and the client
// for it is a copy.
func ExampleAccount_CreateEmailPasswordSession() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		base, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		credentials := isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: passwordOfAda}
		session, err := base.Account.CreateEmailPasswordSession(ctx, credentials)
		if err != nil {
			fmt.Println(err)
			return
		}
		signedIn, err := base.With(isojot.WithSession(session.Secret))
		if err != nil {
			fmt.Println(err)
			return
		}
		jwt, err := signedIn.Account.CreateJWT(ctx, isojot.CreateJWT{})
		if err != nil {
			fmt.Println(err)
			return
		}
		claims, err := isojot.Decode(jwt.JWT)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(claims.UserID, claims.SessionID == session.ID)
	})
	// Output: ada true
}

// Several operations in one request, each with its own error.
func ExampleClient_GraphQL() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		base, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		client, err := base.With(isojot.WithJWT(tokenOfAda(base)))
		if err != nil {
			fmt.Println(err)
			return
		}
		result, err := client.GraphQL(ctx, isojot.GraphQL{Query: "{ accountGet { _id email } }"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(string(result.Data))
		result, err = client.GraphQL(ctx, isojot.GraphQL{Query: "mutation { accountCreateJWT { jwt } }"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(string(result.Data), errors.Is(result.Err(), isojot.ErrUserJWTCreationDenied))
	})
	// Output:
	// {"accountGet":{"_id":"ada","email":"ada@example.com"}}
	// {"accountCreateJWT":null} true
}

func ExampleError() {
	withServer(func(endpoint string) {
		client, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		_, err = client.Account.CreateEmailPasswordSession(context.Background(),
			isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: "a wrong guess"})
		if errors.Is(err, isojot.ErrUserInvalidCredentials) {
			fmt.Println("wrong address or password")
		}
		if e, ok := errors.AsType[*isojot.Error](err); ok {
			fmt.Println(e.Code, e.Type)
		}
	})
	// Output:
	// wrong address or password
	// 401 user_invalid_credentials
}

// A function is executed as whoever the client acts for.
func ExampleFunctions_CreateExecution() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		base, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		client, err := base.With(isojot.WithJWT(tokenOfAda(base)))
		if err != nil {
			fmt.Println(err)
			return
		}
		execution, err := client.Functions.CreateExecution(ctx, isojot.CreateExecution{FunctionID: "echo", Body: "hello"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(execution.Status, execution.ResponseBody)
	})
	// Output: completed hello from ada
}

// greeter is a function of the server's own program. It could act for its
// caller by the JWT in X-Appwrite-User-Jwt.
var greeter = server.Function{ID: "echo", Execute: []string{"users"}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%s from %s", body, r.Header.Get("X-Appwrite-User-Id"))
})}

const passwordOfAda = "correct horse battery"

// withServer runs f with a server that knows Ada.
func withServer(f func(endpoint string)) {
	ctx := context.Background()
	handler, err := server.New(ctx, server.Options{Memory: true, Functions: []server.Function{greeter}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer handler.Close()
	listener := httptest.NewServer(handler)
	defer listener.Close()
	client, err := isojot.NewClient(listener.URL+"/v1", server.DefaultProject)
	if err != nil {
		fmt.Println(err)
		return
	}
	signUpAda(client)
	f(client.Endpoint())
}

// signUpAda makes Ada's account.
func signUpAda(base *isojot.Client) {
	ada := isojot.CreateAccount{UserID: "ada", Email: "ada@example.com", Password: passwordOfAda, Name: "Ada"}
	if _, err := base.Account.Create(context.Background(), ada); err != nil {
		fmt.Println(err)
	}
}

// tokenOfAda is the JWT that Ada's page would have sent.
func tokenOfAda(base *isojot.Client) string {
	ctx := context.Background()
	session, err := base.Account.CreateEmailPasswordSession(ctx,
		isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: passwordOfAda})
	if err != nil {
		return err.Error()
	}
	signedIn, err := base.With(isojot.WithSession(session.Secret))
	if err != nil {
		return err.Error()
	}
	jwt, err := signedIn.Account.CreateJWT(ctx, isojot.CreateJWT{})
	if err != nil {
		return err.Error()
	}
	return jwt.JWT
}
