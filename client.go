package isojot

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/mask"
)

// Client calls one project at one endpoint for at most one identity. It is
// immutable and safe for concurrent use; With makes a changed copy. A server
// makes one Client at start-up and, for each request, a copy with that
// request's JWT or session.
type Client struct {
	// Account is the service of the signed-in user.
	Account *Account
	// Functions is the service that executes functions.
	Functions *Functions

	config mask.Hidden[config]
}

// NewClient returns a client for the project at the endpoint, such as
// "http://localhost:7519/v1". The endpoint is an absolute http or https URL
// without query or fragment; the project is 1 to 36 letters, digits, periods,
// hyphens and underscores (contract section 9). Nothing is sent yet.
func NewClient(endpoint, project string, opts ...Option) (*Client, error) {
	endpoint, err := checkEndpoint(endpoint)
	if err != nil {
		return nil, err
	}
	if err := checkProject(project); err != nil {
		return nil, err
	}
	return build(platform(config{endpoint: endpoint, project: project}), opts)
}

// With returns a copy of c with the options applied. c itself stays as it is.
func (c *Client) With(opts ...Option) (*Client, error) { return build(*c.cfg(), opts) }

func build(cfg config, opts []Option) (*Client, error) {
	for _, opt := range opts {
		if err := opt(&cfg); err != nil {
			return nil, err
		}
	}
	if cfg.evidence == nil {
		cfg.evidence = &evidence{}
	}
	if cfg.observer == nil {
		cfg.observer = cfg.bearer.observerFor(&cfg)
	}
	return withConfig(cfg), nil
}

// withConfig makes a client. It is not inlined: a config is large, and each of
// its callers would copy it in the browser program.
//
//go:noinline
func withConfig(cfg config) *Client {
	c := &Client{config: mask.Hide(cfg)}
	c.Account, c.Functions = &Account{c}, &Functions{c}
	return c
}

// cfg must not be changed.
func (c *Client) cfg() *config { return c.config.Pointer() }

// Endpoint returns the endpoint, without a trailing slash.
func (c *Client) Endpoint() string { return c.cfg().endpoint }

// Project returns the project's id.
func (c *Client) Project() string { return c.cfg().project }

// Ping asks whether the server can be reached and has the project. It makes no
// difference whom the client acts for.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.Do(ctx, opPing, Params{})
	return err
}

// Params are the parameters of a Call.
type Params struct {
	// Path holds a value for each wildcard of the route's pattern.
	Path map[string]string
	// Query holds the parameters of a GET. Those of a list are numbered:
	// queries[0], queries[1].
	Query map[string]string
	// RawQuery is the whole query as it goes over the wire, without a question
	// mark: instead of Query, where the order matters.
	RawQuery string
	// Body is JSON text, or nil.
	Body []byte
	// Header holds more headers of this one call:
	// content-type, where Body is no JSON, and any that WithHeader takes.
	// An empty one takes a header of the client's away.
	Header map[string]string
}

// Call performs an operation of Routes by name and returns the answer as it
// came: the way to reach what has no typed method here. CallJSON takes the
// parameters by name, and reads the answer. Its error is always an *Error.
func (c *Client) Call(ctx context.Context, operation string, p Params) (*Response, error) {
	o, err := known(operation)
	if err != nil {
		return nil, err
	}
	return c.Do(ctx, o, asked(o.Route, p))
}

// known returns the operation of that name.
func known(name string) (Operation, error) {
	o, ok := find(name)
	if !ok {
		err := invalid("no operation of this name: Routes lists those there are")
		err.Operation = name
		return Operation{}, err
	}
	return o, nil
}

// Do performs an operation, which need not be one of Routes, and returns the
// answer as it came. It is what services outside this package are made of: they
// have the checks, lanes, tokens and errors of every other call. An operation
// that has no name, no lanes, or a pattern that is no method and path is
// ErrInvalidArgument. The error is always an *Error.
func (c *Client) Do(ctx context.Context, operation Operation, p Params) (*Response, error) {
	err := operation.check()
	var res *Response
	if err == nil {
		res, err = c.do(ctx, &operation, p)
	}
	if err != nil {
		if err.Operation == "" {
			err.Operation = operation.Name
		}
		return nil, err
	}
	return res, nil
}

func (c *Client) do(ctx context.Context, operation *Operation, p Params) (*Response, *Error) {
	cfg, lanes := c.cfg(), lanesFor(operation.Route, p)
	lane, ok := cfg.lane(lanes)
	if !ok {
		return nil, cfg.noCredential(lanes)
	}
	if lane == LaneSession && endsAll(operation) && cfg.twoUsers() {
		return nil, twoUsersError()
	}
	if lane == LaneJWT && cfg.jwt == "" {
		return c.callByToken(ctx, operation, p)
	}
	return c.send(ctx, operation, p, lane, cfg.jwt)
}

// send performs the operation on the lane; jwt is for the JWT lane only.
func (c *Client) send(ctx context.Context, operation *Operation, p Params, lane Lane, jwt string) (*Response, *Error) {
	route, cfg := operation.Route, c.cfg()
	req, err := cfg.request(route, p, lane, jwt)
	if err != nil {
		return nil, err
	}
	call := followed{operation: operation, lane: lane, params: p, jwt: jwt}
	call.era = cfg.observer.begin(call)
	res, err := c.deliver(ctx, route, req)
	if err == nil {
		if remembers(cfg, lane) {
			cfg.remember(res)
		}
		err = check(route, req, res)
	}
	if err != nil {
		if res != nil && res.Stream != nil { // nobody will read it
			res.Stream.Close()
		}
		err.Operation = operation.Name
		if err.Reason == "" {
			err.Reason = cfg.evidence.reason(lane, req.Cookies, err)
		}
	}
	if err == nil {
		cfg.evidence.note(call, req.Cookies)
		if signsIn(operation) {
			c.proveCookie(ctx)
		}
	}
	cfg.observer.end(call, res, err)
	if err != nil {
		return nil, err
	}
	return res, nil
}

func (c *Client) roundTrip(ctx context.Context, req *Request) (*Response, *Error) {
	res, cause := c.cfg().transport.RoundTrip(ctx, req)
	if cause != nil {
		return nil, c.cfg().noAnswer(ctx, req, cause)
	}
	return res, nil
}

// check turns every answer that is not the operation's success into an error.
func check(route Route, req *Request, res *Response) *Error {
	kind := res.Get("content-type")
	switch {
	case res.Status >= 400:
		return errorFrom(req, res)
	case route.Answer == AnswerLocation && res.Status/100 == 3 && res.Get("location") != "":
		return nil
	case res.Status/100 != 2:
		return badResponse(req, res)
	case route.Answer&AnswerContent != 0, len(res.Body) == 0, strings.HasPrefix(kind, "application/json"), strings.HasPrefix(kind, "text/plain"):
		return nil
	}
	return badResponse(req, res)
}

// noAnswer explains a request that the transport could not carry out.
func (c *config) noAnswer(ctx context.Context, req *Request, cause error) *Error {
	at := req.line()
	if err := ctx.Err(); err != nil {
		return &Error{Type: ErrCanceled, Message: at + ": " + err.Error(), Reason: ReasonUnknown, cause: err}
	}
	if e, ok := cause.(*Error); ok { // a transport that refuses says itself why
		own := *e
		return &own
	}
	cause = withoutURL(cause)
	reason := ReasonNetwork
	if c.probe != nil && c.probe(ctx, c.endpoint+"/ping") {
		reason = ReasonCORS
	}
	return &Error{
		Type:    ErrNetwork,
		Message: "no answer from " + at + " (" + unquoted(cause.Error(), req) + "). " + reason.Advice(),
		Reason:  reason,
		cause:   cause,
	}
}

// request writes an operation down for the wire. Like the official SDKs it sends
// an object with all but GET and HEAD.
func (c *config) request(route Route, p Params, lane Lane, jwt string) (*Request, *Error) {
	method, pattern, _ := strings.Cut(route.Pattern, " ")
	path, err := c.expand(pattern, p.Path)
	if err != nil {
		return nil, err
	}
	req := &Request{
		Method: method,
		URL:    c.endpoint + path + queryOf(p),
		Header: c.headers(),
		Body:   p.Body,
		Stream: route.Answer == answerStream,
	}
	if method != "GET" && method != "HEAD" {
		req.Header["content-type"] = "application/json"
		if p.Body == nil {
			req.Body = []byte("{}")
		}
	}
	for given, value := range p.Header {
		name := ascii.Lower(given)
		bad := checkCredential("header "+name, value)
		if name != "content-type" && value != "" {
			bad = checkHeader(name, value)
		}
		if err, ok := bad.(*Error); ok {
			return nil, err
		}
		req.Header[name] = value
		if value == "" {
			delete(req.Header, name)
		}
	}
	c.identify(req, lane, jwt)
	return req, nil
}

// responseFormat is the version of the API whose shapes models.go follows.
const responseFormat = "1.9.6"

func (c *config) headers() map[string]string {
	h := map[string]string{
		"x-appwrite-project":         c.project,
		"x-appwrite-response-format": cmp.Or(c.format, responseFormat),
		"x-sdk-name":                 "isojot",
		"x-sdk-language":             "go",
		"x-sdk-version":              Version,
	}
	if c.locale != "" {
		h["x-appwrite-locale"] = c.locale
	}
	for name, value := range c.header {
		h[name] = value
	}
	return h
}

// checkEndpoint returns the endpoint without a trailing slash.
func checkEndpoint(endpoint string) (string, error) {
	const fix = `; pass the API's URL, such as "http://localhost:7519/v1"`
	rest, ok := strings.CutPrefix(endpoint, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(endpoint, "http://")
	}
	if !ok {
		return "", invalid("endpoint: " + quote(mask.URL(endpoint)) + " does not begin with http:// or https://" + fix)
	}
	host, _, _ := strings.Cut(rest, "/")
	if host == "" || host[0] == ':' {
		return "", invalid("endpoint: " + quote(mask.URL(endpoint)) + " names no host" + fix)
	}
	if strings.ContainsAny(rest, "?#@\\ ") || checkCredential("endpoint", endpoint) != nil {
		return "", invalid("endpoint: " + quote(mask.URL(endpoint)) + " has a query, fragment, user name or a character that no URL has" + fix)
	}
	return strings.TrimRight(endpoint, "/"), nil
}

func checkProject(project string) error {
	if project == "" {
		return invalid("project: empty; pass the project's id, such as the one that isojot serve prints at start")
	}
	if len(project) > 36 { // not quoted: it may be a key in the wrong place
		return invalid("project: " + strconv.Itoa(len(project)) + " characters, longer than 36; pass the project's id")
	}
	for i := 0; i < len(project); i++ {
		if c := project[i]; !ascii.Alphanumeric(c) && (i == 0 || !strings.Contains("._-", string(rune(c)))) {
			return invalid("project: " + quote(project) + " is no project id: letters, digits, period, hyphen and underscore, the first a letter or digit")
		}
	}
	return nil
}

// quote quotes a value for an error, shortened to 80 bytes.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "..."
	}
	return jsonobj.Quote(s)
}
