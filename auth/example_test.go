package auth_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
)

// A handler behind Middleware knows its caller and acts for them.
func ExampleMiddleware() {
	withServer(func(base *isojot.Client, _ string) {
		// Once, at start-up; base is isojot.NewClient(endpoint, project):
		remote, err := auth.NewRemote(base)
		if err != nil {
			fmt.Println(err)
			return
		}
		signedIn := auth.Middleware(remote, auth.WithClient(base))
		mux := http.NewServeMux()
		mux.Handle("GET /hello", signedIn(http.HandlerFunc(hello)))

		// What a page's fetch with the header Authorization: Bearer <jwt> gets:
		fmt.Println(get(mux, "Bearer "+tokenOfAda(base)))
		fmt.Println(get(mux, ""))
	})
	// Output:
	// 200 Hello Ada (ada)
	// 401 Bearer realm="api"
}

func hello(w http.ResponseWriter, r *http.Request) {
	caller, _ := auth.FromContext(r.Context())
	client, _ := auth.ClientFromContext(r.Context())
	user, err := client.Account.Get(r.Context())
	if err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, "Hello %s (%s)", user.Name, caller.UserID)
}

// With the signing key, which isojot key jwt prints, no request is needed. The
// Remote is asked whether the session has ended, once in 30 s for each token.
func ExampleNewLocal() {
	withServer(func(base *isojot.Client, keyInHex string) {
		key, err := hex.DecodeString(keyInHex)
		if err != nil {
			fmt.Println(err)
			return
		}
		remote, err := auth.NewRemote(base, auth.CacheFor(30*time.Second))
		if err != nil {
			fmt.Println(err)
			return
		}
		local, err := auth.NewLocal(key, auth.WithLeeway(10*time.Second), auth.WithLiveness(remote))
		if err != nil {
			fmt.Println(err)
			return
		}

		caller, err := local.Verify(context.Background(), tokenOfAda(base))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(caller.UserID)
	})
	// Output: ada
}

// A token that is refused and a server that is down are two things.
func ExampleVerifier() {
	withServer(func(base *isojot.Client, _ string) {
		down, err := isojot.NewClient("http://127.0.0.1:1/v1", "demo")
		if err != nil {
			fmt.Println(err)
			return
		}
		ada := tokenOfAda(base)
		try := func(endpoint *isojot.Client, token string) {
			var verifier auth.Verifier
			verifier, err := auth.NewRemote(endpoint)
			if err != nil {
				fmt.Println(err)
				return
			}
			caller, err := verifier.Verify(context.Background(), token)
			switch {
			case errors.Is(err, auth.ErrRefused):
				e, _ := errors.AsType[*isojot.Error](err)
				fmt.Println("refused:", e.Reason)
			case err != nil: // errors.Is(err, auth.ErrUnavailable)
				fmt.Println("cannot tell now")
			default:
				fmt.Println(caller.UserID)
			}
		}
		try(base, ada)
		try(base, "undefined")
		try(down, ada)
	})
	// Output:
	// ada
	// refused: jwt-malformed
	// cannot tell now
}

// Keys that an issuer publishes verify its tokens.
func ExampleNewJWKS() {
	verifier, err := auth.NewJWKS("https://issuer.example/.well-known/jwks.json",
		auth.WithIssuer("https://issuer.example"), auth.WithAudience("orders"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = verifier.Verify(context.Background(), "undefined") // needs no key to be refused
	fmt.Println(errors.Is(err, auth.ErrRefused))
	// Output: true
}

// A project of isojot's that signs by a private key, which isojot key rotate
// gives it, publishes what verifies its tokens. isojot key claims has it say
// whose they are and whom they are for.
func ExampleNewJWKS_isojot() {
	srv, endpoint, err := serveAda()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.stop()
	// What isojot key rotate --alg EdDSA and isojot key claims iss=... aud=orders do:
	ctx := context.Background()
	if _, err := srv.handler.Keys().Rotate(ctx, "demo", server.Rotation{Algorithm: "EdDSA"}); err != nil {
		fmt.Println(err)
		return
	}
	if err := srv.handler.Keys().SetClaims(ctx, "demo", []string{"iss=https://auth.example.com", "aud=orders"}); err != nil {
		fmt.Println(err)
		return
	}

	keySet, err := auth.NewJWKS(endpoint+"/projects/demo/jwks.json",
		auth.WithIssuer("https://auth.example.com"), auth.WithAudience("orders"))
	if err != nil {
		fmt.Println(err)
		return
	}
	caller, err := keySet.Verify(ctx, tokenOfAda(srv.base))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(caller.UserID, caller.Claims["aud"])
	// Output: ada orders
}

// get is the status of a request, and the body or the challenge.
func get(h http.Handler, authorization string) string {
	r := httptest.NewRequest("GET", "/hello", nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return fmt.Sprint(w.Code, " ", w.Header().Get("WWW-Authenticate"))
	}
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(w.Code, " ", string(body))
}

const passwordOfAda = "correct horse battery"

// withServer runs f with a client of a server that ada has signed up at, and
// the signing key as isojot key jwt --format hex prints it.
func withServer(f func(base *isojot.Client, keyInHex string)) {
	srv, _, err := serveAda()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.stop()
	signingKey, err := srv.handler.Keys().SigningKey(context.Background(), server.DefaultProject)
	if err != nil {
		fmt.Println(err)
		return
	}
	f(srv.base, hex.EncodeToString(signingKey))
}

// running is a server, and a client of it that nobody has signed in with.
type running struct {
	handler  *server.Server
	listener *httptest.Server
	base     *isojot.Client
}

func (r *running) stop() {
	r.listener.Close()
	if err := r.handler.Close(); err != nil {
		fmt.Println(err)
	}
}

// serveAda starts a server that ada has signed up at.
func serveAda() (*running, string, error) {
	ctx := context.Background()
	handler, err := server.New(ctx, server.Options{Memory: true})
	if err != nil {
		return nil, "", err
	}
	r := &running{handler: handler, listener: httptest.NewServer(handler)}
	endpoint := r.listener.URL + "/v1"
	if r.base, err = isojot.NewClient(endpoint, server.DefaultProject); err == nil {
		ada := isojot.CreateAccount{UserID: "ada", Email: "ada@example.com", Password: passwordOfAda, Name: "Ada"}
		_, err = r.base.Account.Create(ctx, ada)
	}
	if err != nil {
		r.stop()
	}
	return r, endpoint, err
}

// tokenOfAda is what the page would have sent.
func tokenOfAda(base *isojot.Client) string {
	ctx := context.Background()
	session, err := base.Account.CreateEmailPasswordSession(ctx,
		isojot.CreateEmailPasswordSession{Email: "ada@example.com", Password: passwordOfAda})
	if err != nil {
		return err.Error()
	}
	client, err := base.With(isojot.WithSession(session.Secret))
	if err != nil {
		return err.Error()
	}
	made, err := client.Account.CreateJWT(ctx, isojot.CreateJWT{})
	if err != nil {
		return err.Error()
	}
	return made.JWT
}
