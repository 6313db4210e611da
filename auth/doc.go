// Package auth lets a Go service know which user calls it: it verifies the
// JWT that came with a request and hands the caller to the handler.
//
//	remote, err := auth.NewRemote(base) // base is an *isojot.Client
//	...
//	protected := auth.Middleware(remote, auth.WithClient(base))
//	mux.Handle("GET /orders", protected(http.HandlerFunc(orders)))
//
//	func orders(w http.ResponseWriter, r *http.Request) {
//		caller, _ := auth.FromContext(r.Context())
//		...
//	}
//
// # Which verifier
//
// Remote asks the endpoint and remembers the answer for a short time. It needs
// no key, works with any Appwrite-compatible server, and sees signing out,
// deletion and blocking after at most that time.
//
// Local needs the project's signing key and no request. A session that ends
// does not end a JWT for it, unless WithLiveness makes it ask as well. Whoever
// has the key can be any user: prefer Remote where a service need not have it.
//
// JWKS verifies by public keys that an issuer publishes, such as an isojot
// project that signs by a private key (isojot key rotate). Appwrite's own
// tokens are signed by a secret key and cannot be verified so.
//
// # Errors
//
// Every error of a Verify is one of two kinds. ErrRefused: this token lets
// nobody in; Middleware answers 401. ErrUnavailable: nobody can tell at the
// moment, since the endpoint does not answer; Middleware answers 503, so that
// no page signs its user out because a server is down. Both wrap an
// *isojot.Error, whose Type and Reason say more:
//
//	if errors.Is(err, auth.ErrRefused) { ... }
//	if e, ok := errors.AsType[*isojot.Error](err); ok && e.Reason == isojot.ReasonJWTExpired { ... }
//
// No error holds the token.
package auth
