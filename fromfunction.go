package isojot

import "os"

// FromFunction returns a client for a function that is a program of its own, a
// command: it acts for whoever executed the function, by the JWT that the server
// put into the environment. It reads
//
//   - APPWRITE_FUNCTION_API_ENDPOINT and APPWRITE_FUNCTION_PROJECT_ID: where to
//     call;
//   - APPWRITE_FUNCTION_JWT: the caller's JWT. It is empty for guests and API
//     keys, and the client then is a guest: see Client.Guest.
//
// A variable that is missing is an error that names it. The JWT is not verified
// here: the server does that at each call, and refuses it as soon as the
// caller's session has ended (contract section 11).
//
// Options say how to call. Credentials among them are dropped: the client acts
// for the caller and nobody else.
func FromFunction(opts ...Option) (*Client, error) {
	env := map[string]string{}
	for _, name := range []string{variableEndpoint, variableProject, variableJWT} {
		value, set := os.LookupEnv(name)
		if !set || value == "" && name != variableJWT {
			return nil, invalid(name + ": not set; the server sets it for what it runs as a function, as in " +
				"isojot serve --function NAME=command:PROGRAM; set it yourself to try the program alone")
		}
		env[name] = value
	}
	if _, err := checkEndpoint(env[variableEndpoint]); err != nil {
		return nil, foundIn(variableEndpoint, err)
	}
	if err := checkProject(env[variableProject]); err != nil {
		return nil, foundIn(variableProject, err)
	}
	base, err := NewClient(env[variableEndpoint], env[variableProject], opts...)
	if err != nil {
		return nil, err
	}
	return base.forCaller(variableJWT, env[variableJWT])
}

// Where a function finds who calls, and where to call.
const (
	variableEndpoint = "APPWRITE_FUNCTION_API_ENDPOINT"
	variableProject  = "APPWRITE_FUNCTION_PROJECT_ID"
	variableJWT      = "APPWRITE_FUNCTION_JWT"
	headerJWT        = "x-appwrite-user-jwt"
	headerTrigger    = "x-appwrite-trigger"
)

// FromFunctionRequest returns a client for a function that is called by HTTP: an
// http.Handler of the server's own program, or a service at a URL. Header gives
// the request's headers by name, as r.Header.Get does. The client acts for
// whoever executed the function, by the JWT in x-appwrite-user-jwt; without one
// it is a guest: see Client.Guest.
//
// Of base it takes all but credentials: where to call is base's, never what a
// request says, and its session, key or tokens act for nobody else.
//
// A request without x-appwrite-trigger did not come by a server of functions and
// is an error. One that has it proves nothing: the JWT is what identifies the
// caller, and the server verifies it at each call.
func FromFunctionRequest(base *Client, header func(name string) string) (*Client, error) {
	if base == nil || header == nil {
		return nil, invalid("FromFunctionRequest: nil; pass a client of NewClient, and r.Header.Get")
	}
	if header(headerTrigger) == "" {
		return nil, invalid(headerTrigger + ": the request has no such header, so it did not come by a server that runs functions; " +
			"let callers execute the function, or pass the header on in the proxy between")
	}
	return base.forCaller(headerJWT, header(headerJWT))
}

// forCaller is c with no credential but the JWT that was found by that name.
func (c *Client) forCaller(name, jwt string) (*Client, error) {
	client, err := c.With(WithSession(""), WithKey(""), WithStorage(nil), WithJWT(jwt))
	if err != nil {
		return nil, foundIn(name, err)
	}
	return client, nil
}

// foundIn says in an error about a value where the value was found.
func foundIn(name string, err error) error {
	if e, ok := err.(*Error); ok {
		e.Message = name + ": " + e.Message
	}
	return err
}

// Guest reports whether c has no JWT, session or key, so that servers take it for
// a guest. In browsers it is false: a session's cookie cannot be seen.
func (c *Client) Guest() bool {
	_, known := c.cfg().lane([]Lane{LaneJWT, LaneSession, LaneKey})
	return !known
}
