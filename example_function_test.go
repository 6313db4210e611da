//go:build !js

package isojot_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// A function that is a program of its own finds its caller in the environment.
// Here the example sets what the server does.
func ExampleFromFunction() {
	withServer(func(endpoint string) {
		ctx := context.Background()
		base, err := isojot.NewClient(endpoint, "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		for name, value := range map[string]string{
			"APPWRITE_FUNCTION_API_ENDPOINT": endpoint, "APPWRITE_FUNCTION_PROJECT_ID": "demo", "APPWRITE_FUNCTION_JWT": tokenOfAda(base),
		} {
			if err := os.Setenv(name, value); err != nil {
				fmt.Println(err)
				return
			}
			defer os.Unsetenv(name)
		}

		client, err := isojot.FromFunction()
		if err != nil {
			fmt.Println(err)
			return
		}
		if client.Guest() {
			fmt.Println("nobody is signed in")
			return
		}
		user, err := client.Account.Get(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("called by", user.Name)
	})
	// Output: called by Ada
}

// A function that is a handler of the server's own program, or a service at a
// URL, finds its caller in each request's headers.
func ExampleFromFunctionRequest() {
	listener := httptest.NewUnstartedServer(nil)
	endpoint := "http://" + listener.Listener.Addr().String() + "/v1"
	base, err := isojot.NewClient(endpoint, "demo")
	if err != nil {
		fmt.Println(err)
		return
	}
	whoami := func(w http.ResponseWriter, r *http.Request) {
		client, err := isojot.FromFunctionRequest(base, r.Header.Get)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		user, err := client.Account.Get(r.Context())
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, "called by ", user.Name)
	}
	handler, err := server.New(context.Background(), server.Options{
		Memory: true, Endpoint: endpoint,
		Functions: []server.Function{{ID: "whoami", Execute: []string{"any"}, Handler: http.HandlerFunc(whoami)}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer handler.Close()
	listener.Config.Handler = handler
	listener.Start()
	defer listener.Close()

	signUpAda(base)
	ada, err := base.With(isojot.WithJWT(tokenOfAda(base)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, caller := range []*isojot.Client{ada, base} {
		execution, err := caller.Functions.CreateExecution(context.Background(), isojot.CreateExecution{FunctionID: "whoami"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(execution.ResponseStatusCode, execution.ResponseBody)
	}
	// Output:
	// 200 called by Ada
	// 401 sign in first
}
