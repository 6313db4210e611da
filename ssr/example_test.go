package ssr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/ssr"
)

// Pages that know who is signed in, by a cookie of their own origin.
func Example() {
	withAPI(func(base *isojot.Client) {
		// Once, at start-up; base is isojot.NewClient(endpoint, project):
		sessions, err := ssr.New(base)
		if err != nil {
			fmt.Println(err)
			return
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /{$}", home)
		mux.HandleFunc("POST /login", login)
		mux.HandleFunc("POST /logout", logout)
		mux.Handle(ssr.ProxyPath, sessions.Proxy())
		handler := sessions.Middleware(mux)

		// What a browser shows, without JavaScript:
		browse(handler, func(get func(path string), post func(path string, form url.Values)) {
			get("/")
			post("/login", url.Values{"email": {"ada@example.com"}, "password": {passwordOfAda}})
			get("/")
			get("/v1/account/prefs")
			post("/logout", nil)
			get("/")
		})
	})
	// Output:
	// GET /: 303 to /login
	// POST /login: 303 to /
	// GET /: 200 Hello, Ada
	// GET /v1/account/prefs: 200 {}
	// POST /logout: 303 to /login
	// GET /: 303 to /login
}

func home(w http.ResponseWriter, r *http.Request) {
	visitor, _ := ssr.FromContext(r.Context())
	switch user, err := visitor.User(r.Context()); {
	case errors.Is(err, ssr.ErrSignedOut):
		http.Redirect(w, r, "/login", http.StatusSeeOther)
	case err != nil: // such as ssr.ErrUnavailable: nobody was signed out
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	default:
		fmt.Fprintf(w, "Hello, %s", user.Name)
	}
}

func login(w http.ResponseWriter, r *http.Request) {
	visitor, _ := ssr.FromContext(r.Context())
	_, err := visitor.SignIn(r.Context(), isojot.CreateEmailPasswordSession{
		Email: r.PostFormValue("email"), Password: r.PostFormValue("password"),
	})
	switch {
	case errors.Is(err, isojot.ErrUserInvalidCredentials):
		http.Error(w, "wrong address or password", http.StatusUnprocessableEntity)
	case err != nil:
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func logout(w http.ResponseWriter, r *http.Request) {
	visitor, _ := ssr.FromContext(r.Context())
	if err := visitor.SignOut(r.Context()); err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// Another service is called with the visitor's JWT, and verifies it.
func ExampleVisitor_Token() {
	withAPI(func(base *isojot.Client) {
		service := httptest.NewServer(ordersService(base))
		defer service.Close()
		orders := func(ctx context.Context, visitor *ssr.Visitor) (*http.Response, error) {
			token, err := visitor.Token(ctx)
			if err != nil {
				return nil, err
			}
			req, err := http.NewRequestWithContext(ctx, "GET", service.URL+"/orders", nil)
			if err != nil {
				return nil, err
			}
			req.Header.Set("Authorization", "Bearer "+token.JWT)
			return http.DefaultClient.Do(req)
		}

		sessions, err := ssr.New(base)
		if err != nil {
			fmt.Println(err)
			return
		}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /login", login)
		mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
			visitor, _ := ssr.FromContext(r.Context())
			res, err := orders(r.Context(), visitor)
			if err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
			defer res.Body.Close()
			_, _ = io.Copy(w, res.Body)
		})
		browse(sessions.Middleware(mux), func(get func(path string), post func(path string, form url.Values)) {
			post("/login", url.Values{"email": {"ada@example.com"}, "password": {passwordOfAda}})
			get("/orders")
			get("/orders")
		})
		stats := sessions.Stats()
		fmt.Println(stats.Created, "JWT for", stats.Sessions, "session")
	})
	// Output:
	// POST /login: 303 to /
	// GET /orders: 200 the orders of ada
	// GET /orders: 200 the orders of ada
	// 1 JWT for 1 session
}

// Behind a proxy that ends TLS, say how browsers reach the program; with an API
// that believes it, say also which address they come from.
func ExamplePublicOrigin() {
	withAPI(func(base *isojot.Client) {
		sessions, err := ssr.New(base,
			ssr.PublicOrigin("https://app.example.com"),
			ssr.ForwardAddress(func(r *http.Request) string { return r.Header.Get("Fly-Client-IP") }),
		)
		if err != nil {
			fmt.Println(err)
			return
		}
		w := httptest.NewRecorder()
		sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			visitor, _ := ssr.FromContext(r.Context())
			if _, err := visitor.SignInAnonymously(r.Context()); err != nil {
				fmt.Println(err)
			}
		})).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
		for _, cookie := range w.Result().Cookies() {
			fmt.Println(cookie.Name, "secure:", cookie.Secure)
		}
		fmt.Println(w.Header().Get("Cache-Control"))
	})
	// Output:
	// a_session_demo secure: true
	// private, no-store
}

// Signing in by a link in a mail and at a provider, by forms and links alone.
func ExampleVisitor_SignInByCallback() {
	withAPI(func(base *isojot.Client) {
		sessions, err := ssr.New(base)
		if err != nil {
			fmt.Println(err)
			return
		}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /link", link)
		mux.HandleFunc("GET /provider", provider)
		mux.HandleFunc("GET /callback", landed)
		browse(sessions.Middleware(mux), func(get func(path string), post func(path string, form url.Values)) {
			post("/link", url.Values{"email": {"ada@example.com"}})
			get("/provider")
			get("/callback?userId=ada&secret=guessed") // which this browser did not ask for
		})
	})
	// Output:
	// POST /link: 200 look at your mails
	// GET /provider: 200 at the provider's
	// GET /callback?userId=ada&secret=guessed: 200 sign in here?
}

func link(w http.ResponseWriter, r *http.Request) {
	ctx, email := r.Context(), r.FormValue("email")
	visitor, _ := ssr.FromContext(ctx)
	client, err := visitor.Client()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	// POST /link: a mail with a link. The callback is an address of this program, never made of the request's Host.
	callback, err := visitor.CallbackURL(ctx, "https://app.example.com/callback")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, err = client.Account.CreateMagicURLToken(ctx, isojot.CreateMagicURLToken{UserID: "unique()", Email: email, URL: callback})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, "look at your mails")
}

func provider(w http.ResponseWriter, r *http.Request) {
	ctx, failed := r.Context(), "https://app.example.com/login"
	visitor, _ := ssr.FromContext(ctx)
	client, err := visitor.Client()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	callback, err := visitor.CallbackURL(ctx, "https://app.example.com/callback")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	// GET /provider: lead the browser there.
	start, err := client.Account.CreateOAuth2Token(ctx, isojot.CreateOAuth2Session{Provider: "google", Success: callback, Failure: failed})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if to, err := url.Parse(start); err == nil && to.IsAbs() { // http.Redirect(w, r, start, http.StatusSeeOther)
		fmt.Fprint(w, "at the provider's")
	}
}

func landed(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	visitor, _ := ssr.FromContext(ctx)
	var err error
	// GET /callback, of both.
	_, err = visitor.SignInByCallback(ctx)
	switch {
	case errors.Is(err, ssr.ErrOtherBrowser):
		fmt.Fprint(w, "sign in here?")
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// ordersService is a service of its own, which knows users by their JWTs.
func ordersService(base *isojot.Client) http.Handler {
	remote, err := auth.NewRemote(base)
	if err != nil {
		panic(err)
	}
	return auth.Middleware(remote)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, _ := auth.FromContext(r.Context())
		fmt.Fprint(w, "the orders of ", caller.UserID)
	}))
}

const passwordOfAda = "correct horse battery"

// withAPI runs f with a client of a server that ada has signed up at.
func withAPI(f func(base *isojot.Client)) {
	ctx := context.Background()
	handler, err := server.New(ctx, server.Options{
		Memory: true, PasswordCost: server.PasswordCost{MemoryKiB: 8, Time: 1, Threads: 1},
		Outbox: true, AllowOrigins: []string{"https://app.example.com"},
		Projects: []server.Project{{ID: server.DefaultProject, OAuth2: []server.OAuth2Provider{{Name: "google", ClientID: "shop", ClientSecret: "secret"}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer handler.Close()
	listener := httptest.NewServer(handler)
	defer listener.Close()
	base, err := isojot.NewClient(listener.URL+"/v1", server.DefaultProject)
	if err != nil {
		fmt.Println(err)
		return
	}
	ada := isojot.CreateAccount{UserID: "ada", Email: "ada@example.com", Password: passwordOfAda, Name: "Ada"}
	if _, err := base.Account.Create(ctx, ada); err != nil {
		fmt.Println(err)
		return
	}
	f(base)
}

// browse prints what a browser gets from a program.
func browse(handler http.Handler, f func(get func(path string), post func(path string, form url.Values))) {
	program := httptest.NewServer(handler)
	defer program.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	show := func(path string, res *http.Response, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if to := res.Header.Get("Location"); to != "" {
			body = []byte("to " + to)
		}
		fmt.Printf("%s %s: %d %s\n", res.Request.Method, path, res.StatusCode, body)
		if err != nil {
			fmt.Println(err)
		}
	}
	f(func(path string) {
		res, err := browser.Get(program.URL + path)
		show(path, res, err)
	}, func(path string, form url.Values) {
		res, err := browser.PostForm(program.URL+path, form)
		show(path, res, err)
	})
}
