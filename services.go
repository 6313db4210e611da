package isojot

// Account is the service of the signed-in user. Every error is an *Error.
type Account struct{ client *Client }

// Functions is the service that executes functions, as whoever the client acts
// for: by its JWT, session or key, else as a guest. Every error is an *Error.
type Functions struct{ client *Client }

// sessionPath are the path parameters of a call about one session.
func sessionPath(id string) map[string]string { return map[string]string{"sessionId": id} }
