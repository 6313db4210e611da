package isojot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"time"
)

// CreateAccount are the parameters of Create.
type CreateAccount struct {
	// UserID is 1 to 36 letters, digits, periods, hyphens and underscores,
	// the first a letter or digit. "unique()" lets the server choose.
	//
	// In Go, "" does too.
	UserID string `json:"userId"`
	// Email is stored in lower case.
	Email string `json:"email"`
	// Password has 8 to 256 bytes.
	Password string `json:"password"`
	// Name has at most 128 characters and may be left out.
	Name string `json:"name,omitempty"`
}

// Create signs a user up. It does not sign in. An address or id that is taken
// is ErrUserAlreadyExists (contract section 9).
func (a *Account) Create(ctx context.Context, p CreateAccount) (*User, error) {
	p.UserID = unique(p.UserID)
	return DoJSON[User](ctx, a.client, opAccountCreate, Params{Body: encode(createAccountFields(p))})
}

// unique is the id of what is made, which the server chooses where there is none.
func unique(id string) string { return or(id, "unique()") }

// CreateEmailPasswordSession holds the parameters of Account.CreateEmailPasswordSession.
type CreateEmailPasswordSession struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// CreateEmailPasswordSession signs in. In browsers the session is in the
// cookie jar afterwards and the same client uses it; elsewhere the session's
// Secret is to be given to WithSession. A wrong address or password is
// ErrUserInvalidCredentials, a client that is signed in already
// ErrSessionAlreadyExists.
func (a *Account) CreateEmailPasswordSession(ctx context.Context, p CreateEmailPasswordSession) (*Session, error) {
	return a.signIn(ctx, opAccountCreateEmailPasswordSession, encode(createEmailPasswordSessionFields(p)))
}

// CreateAnonymousSession makes a user without address or password and signs
// in as that user.
func (a *Account) CreateAnonymousSession(ctx context.Context) (*Session, error) {
	return a.signIn(ctx, opAccountCreateAnonymousSession, nil)
}

// CreateSession holds the parameters of Account.CreateSession.
type CreateSession struct {
	UserID string `json:"userId"`
	// Secret is that of a one-time token, which a server made for the user.
	Secret string `json:"secret"`
}

// CreateSession trades a one-time token for a session. A wrong, used or
// expired one is ErrUserInvalidToken.
func (a *Account) CreateSession(ctx context.Context, p CreateSession) (*Session, error) {
	return a.signIn(ctx, opAccountCreateSession, encode(createSessionFields(p)))
}

// Get returns the user whom the client acts for.
func (a *Account) Get(ctx context.Context) (*User, error) {
	return DoJSON[User](ctx, a.client, opAccountGet, Params{})
}

// CreateJWT holds the parameters of Account.CreateJWT.
type CreateJWT struct {
	// Duration is how long the token lives: whole seconds, 1 s to 1 h. Where
	// it is left out it is the server's default of 15 minutes. Servers before
	// Appwrite 1.9 ignore it.
	Duration time.Duration
}

// CreateJWT makes a token with which a server can act for the user of this
// client's session. The token dies with the session. It always uses the
// session, also where a JWT is set: a JWT cannot make another (contract
// section 5.2). A user may make a limited number in a time (10 in 60 minutes
// under the classic limits); one more is ErrRateLimitExceeded.
func (a *Account) CreateJWT(ctx context.Context, p CreateJWT) (*JWT, error) {
	if p.Duration == 0 {
		return DoJSON[JWT](ctx, a.client, opAccountCreateJWT, Params{})
	}
	if err := checkDuration(p.Duration); err != nil {
		err.Operation = opAccountCreateJWT.Name
		return nil, err
	}
	body := encode(map[string]int64{"duration": int64(p.Duration / time.Second)})
	return DoJSON[JWT](ctx, a.client, opAccountCreateJWT, Params{Body: body})
}

// ListSessions returns the user's sessions. Current marks the one that the
// client presents.
func (a *Account) ListSessions(ctx context.Context) (*SessionList, error) {
	return DoJSON[SessionList](ctx, a.client, opAccountListSessions, Params{})
}

// GetSession returns one session of the user; the id "current" stands for the
// one that the client presents.
func (a *Account) GetSession(ctx context.Context, sessionID string) (*Session, error) {
	return DoJSON[Session](ctx, a.client, opAccountGetSession, Params{Path: sessionPath(sessionID)})
}

// UpdateSession makes a session last as long as a new one; "current" stands
// for the one that the client presents. The answer's Current and CountryName
// are not set.
func (a *Account) UpdateSession(ctx context.Context, sessionID string) (*Session, error) {
	return DoJSON[Session](ctx, a.client, opAccountUpdateSession, Params{Path: sessionPath(sessionID)})
}

// DeleteSession signs out of one session; "current" stands for the one that
// the client presents. Its JWTs are refused from then on.
func (a *Account) DeleteSession(ctx context.Context, sessionID string) error {
	_, err := a.client.Do(ctx, opAccountDeleteSession, Params{Path: sessionPath(sessionID)})
	return err
}

// DeleteSessions signs the user out everywhere.
func (a *Account) DeleteSessions(ctx context.Context) error {
	_, err := a.client.Do(ctx, opAccountDeleteSessions, Params{})
	return err
}

// signIn creates a session. The server leaves the secret out of the JSON and
// sends it as a cookie, which only clients without a jar may see.
func (a *Account) signIn(ctx context.Context, operation Operation, body []byte) (*Session, error) {
	res, err := a.client.Do(ctx, operation, asked(operation.Route, Params{Body: body}))
	if err != nil {
		return nil, err
	}
	session, err := unmarshal[Session](operation.Name, res)
	if err == nil && session.Secret == "" {
		session.Secret = a.client.SessionSecret(res)
	}
	return session, err
}

// encode writes parameters as JSON: plain structs of strings and numbers, which
// cannot fail, of the types that mask nothing.
func encode(params any) []byte {
	data, err := json.Marshal(params)
	if err != nil {
		panic("isojot: parameters that are not JSON: " + err.Error())
	}
	return data
}

// DoJSON performs an operation as Client.Do does, asks for what it answers with,
// and reads the JSON of the answer into a T.
func DoJSON[T any](ctx context.Context, c *Client, operation Operation, p Params) (*T, error) {
	res, err := c.Do(ctx, operation, asked(operation.Route, p))
	if err != nil {
		return nil, err
	}
	return unmarshal[T](operation.Name, res)
}

// ReadJSON reads the JSON of an operation's answer, such as that to an upload,
// into a T.
func ReadJSON[T any](operation Operation, res *Response) (*T, error) {
	return unmarshal[T](operation.Name, res)
}

// unmarshal reads the JSON of an answer. Null is neither a struct nor a map, though
// package json takes it for an empty one.
func unmarshal[T any](operation string, res *Response) (*T, error) {
	v := new(T)
	err := json.Unmarshal(res.Body, v)
	kind := reflect.TypeFor[T]().Kind()
	if err == nil && (kind == reflect.Struct || kind == reflect.Map) && string(bytes.TrimSpace(res.Body)) == "null" {
		err = errors.New("null for an object")
	}
	if err != nil {
		return nil, &Error{
			Operation: operation, Type: ErrBadResponse, Code: res.Status, Response: string(res.Body), cause: err,
			Message: "the answer is not the JSON this call returns (" + err.Error() + "): check the endpoint",
		}
	}
	return v, nil
}
