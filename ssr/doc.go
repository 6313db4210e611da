// Package ssr is for Go programs that render pages for signed-in users: the
// session is in a cookie of the program's own origin, and each request acts by
// it.
//
//	sessions, err := ssr.New(base) // base is an *isojot.Client
//	...
//	mux.HandleFunc("GET /{$}", home)
//	mux.Handle("/v1/", sessions.Proxy())
//	http.ListenAndServe(addr, sessions.Middleware(mux))
//
//	func home(w http.ResponseWriter, r *http.Request) {
//		visitor, _ := ssr.FromContext(r.Context())
//		user, err := visitor.User(r.Context())
//		...
//	}
//
// # Who the visitor is
//
// User asks the API by the session, at each request: a session that was ended
// anywhere is out at the next page. No JWT takes part in that, so that none
// that expires signs anybody out. Token makes the JWT with which other services
// are called; all requests of a session share one in its life.
//
// # Errors
//
// ErrSignedOut: nobody is signed in; show the page for guests, or lead to the
// login. ErrMoreFactors: the session lacks a second factor; show the form for its
// code. ErrUnavailable: the API cannot be asked at the moment; answer 503, and
// sign nobody out. Any other error is the API's answer to this call, such as
// isojot.ErrUserInvalidCredentials or isojot.ErrUserBlocked. All of them wrap an
// *isojot.Error. None holds a credential.
//
// # Security
//
// Answers that set or remove the session's cookie are never cached. Requests
// that change something and come from pages of other sites are 403. A client
// of one request cannot be used for another. Sign-in always makes a session of
// its own, whatever cookie the request has, and ends the one before.
package ssr
