package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// answer is an answer of the tested server.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// host is a server that scenarios are played against.
type host interface {
	// handler is the server.
	handler() http.Handler
	// setClock makes the server's clock show a time.
	setClock(time.Time) error
	// signingKey is the JWT key of a project, nil for an unknown one.
	signingKey(project string) []byte
	// clearLimits makes all limits start anew.
	clearLimits() error
	// settle waits until nothing that was asked for is under way.
	settle() error
	// manage changes the server as a management call did the recorded one, and
	// returns the variables of what it has made; a call that is not translated
	// changes nothing.
	manage(request) (env, error)
	// act does what a label says to the database.
	act(label string) error
	// nextMessage takes the oldest message of a channel, nil without one.
	nextMessage(channel string) (*message, error)
	// forgetCodes lets codes of authenticators be shown that were shown before.
	forgetCodes() error
	// forgetMessages takes all messages.
	forgetMessages() error
}

// wrapper edits a handler.
type wrapper func(http.Handler) http.Handler

// player plays scenarios, one after the other.
type player struct {
	host host
	env  env
	// wrap edits the server's handler; nil does not.
	wrap wrapper

	clock   time.Time
	clients int // addresses used
	client  string
	last    map[string]request // that both servers accepted, by method and path
	browser map[string]string  // cookies of sign-ins by OAuth2
	pending map[string]bool    // operations without a handler that the scenario asked for
}

// newPlayer makes a player of scenarios that know the variables.
func newPlayer(h host, known env) *player {
	e := env{}
	for name, value := range known {
		e[name] = value
	}
	return &player{host: h, env: e}
}

// play plays a scenario and returns the differences of each step compared.
func (p *player) play(sc *scenario) (map[int][]difference, error) {
	if !sc.Continued {
		p.moveOn()
	}
	p.last, p.pending, p.browser = map[string]request{}, map[string]bool{}, map[string]string{}
	found := map[int][]difference{}
	for _, s := range sc.Steps {
		diffs, err := p.step(sc.Name, s)
		if err != nil {
			return nil, fmt.Errorf("replay: %s %d: %w", sc.Name, s.Number, err)
		}
		if s.compared() {
			found[s.Number] = diffs
		}
	}
	return found, nil
}

// moveOn takes a new client address, so that limits by address start anew.
func (p *player) moveOn() {
	p.clients++
	p.client = fmt.Sprintf("127.0.%d.%d", p.clients/250, p.clients%250+1)
	p.env["client"] = p.client
}

// step plays a step.
func (p *player) step(scenario string, s *step) ([]difference, error) {
	if err := p.advance(s.time()); err != nil {
		return nil, err
	}
	if s.Cleared {
		if err := p.host.clearLimits(); err != nil {
			return nil, err
		}
	}
	if err := p.host.settle(); err != nil {
		return nil, err
	}
	if s.Class == classManagement {
		made, err := p.host.manage(s.Request)
		maps.Copy(p.env, made)
		return nil, err
	}
	switch s.Class {
	case classProvider:
		return nil, nil
	case classAction:
		return nil, p.host.act(s.Label)
	case classMessage:
		c := &comparison{scenario: scenario, step: s, want: s.Want, env: p.env}
		return c.messages(p.host)
	}
	if err := p.host.forgetMessages(); err != nil {
		return nil, err
	}
	if s.repeatsCode() {
		if err := p.host.forgetCodes(); err != nil {
			return nil, err
		}
	}
	for name, m := range s.Made {
		p.env[name] = m.value(p.env, p.host.signingKey(p.project(s.Request)), p.clock)
	}
	got, err := p.ask(p.withCookies(s.Request))
	if err == nil {
		got, err = p.begin(s.Request, got)
	}
	if err != nil {
		return nil, err
	}
	p.keepCookies(&got)
	if s.Class == classUnrecorded {
		return nil, p.made(s, got)
	}
	if name := missing(s, got); name != "" {
		p.pending[name] = true
	}
	c := &comparison{scenario: scenario, step: s, want: s.Want, env: p.env, got: got}
	return c.run(), p.takeBack(s, got)
}

// made refuses any answer but 201, and takes the limits back that making
// something counted against. What nobody can make yet is not there.
func (p *player) made(s *step, got answer) error {
	if bytes.Contains(got.Body, notBuilt) {
		p.pending[operationOf(s.Request.Method, strings.TrimPrefix(s.Request.Path, "/v1"))] = true
		return nil
	}
	if got.Status != http.StatusCreated {
		return fmt.Errorf("nothing can be made: %d %s", got.Status, got.Body)
	}
	return p.host.clearLimits()
}

// takeBack undoes what the recorded server refused and the tested one did, so
// that the exchanges after it are of the same state: a user is deleted, and a
// setting set to what it was set to last.
func (p *player) takeBack(s *step, got answer) error {
	kind := s.Request.Method + " " + s.Request.Path
	switch {
	case got.Status >= 300:
		return p.makeUp(s)
	case s.Want.Status < 300:
		p.last[kind] = s.Request
		return nil
	case kind == "POST /v1/account", kind == "POST /v1/users":
		return p.deleteUser(s.Request, got)
	case s.Request.Method != http.MethodPatch && !strings.HasSuffix(s.Request.Path, "/prefs"):
		return nil
	}
	if last, ok := p.last[kind]; ok {
		_, err := p.ask(last)
		return err
	}
	return nil
}

// makeUp does what the recorded server did and the tested one refused, by a
// call of an API key: the password that a recovery set, the address that a
// secret verified.
func (p *player) makeUp(s *step) error {
	var body struct{ UserID, Password string }
	path, _, _ := strings.Cut(s.Request.Path, "?")
	if s.Want.Status >= 300 || s.Request.Method != http.MethodPut || json.Unmarshal([]byte(p.env.render(s.Request.Body)), &body) != nil {
		return nil
	}
	what, change := "", map[string]any{}
	switch path {
	case "/v1/account/recovery":
		what, change["password"] = "/password", body.Password
	case "/v1/account/verification", "/v1/account/verifications/email":
		what, change["emailVerification"] = "/verification", true
	case "/v1/account/verification/phone", "/v1/account/verifications/phone":
		what, change["phoneVerification"] = "/verification/phone", true
	default:
		return nil
	}
	_, err := p.ask(p.byKey(s.Request, http.MethodPatch, "/v1/users/"+body.UserID+what, encode(change)))
	return err
}

// byKey is a request of an API key of the project that another request is for.
func (p *player) byKey(like request, method, path, body string) request {
	project := p.project(like)
	return request{Method: method, Path: path, Body: body, Headers: [][2]string{{"Host", "localhost"}, {"Content-Type", "application/json"},
		{"X-Appwrite-Project", project}, {"X-Appwrite-Key", "${" + keyVariable(project) + "}"}}}
}

// deleteUser deletes a user that was just made.
func (p *player) deleteUser(q request, made answer) error {
	n, err := parseNode(made.Body)
	if err != nil {
		return err
	}
	got, err := p.ask(p.byKey(q, http.MethodDelete, "/v1/users/"+n.member("$id").value(), ""))
	if err == nil && got.Status != http.StatusNoContent {
		err = fmt.Errorf("a user cannot be deleted: %d %s", got.Status, got.Body)
	}
	return err
}

// ask sends a request. Of an answer to HEAD net/http sends no body.
func (p *player) ask(q request) (answer, error) {
	r, err := p.request(q)
	if err != nil {
		return answer{}, err
	}
	h := p.host.handler()
	if p.wrap != nil {
		h = p.wrap(h)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if r.Method == http.MethodHead {
		w.Body.Reset()
	}
	return answer{w.Code, w.Result().Header, w.Body.Bytes()}, nil
}

// advance moves the clock to a recorded second, and a little further with
// every step, so that what was made first is older.
func (p *player) advance(to time.Time) error {
	p.clock = p.clock.Add(time.Millisecond)
	if p.clock.Before(to) {
		p.clock = to
	}
	return p.host.setClock(p.clock)
}

// project is the project a request names in its header.
func (p *player) project(r request) string {
	for _, h := range r.Headers {
		if http.CanonicalHeaderKey(h[0]) == "X-Appwrite-Project" {
			return h[1]
		}
	}
	return ""
}

// request makes the request, by way of the bytes that would be sent.
func (p *player) request(q request) (*http.Request, error) {
	var b bytes.Buffer
	body := p.env.render(q.Body)
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", q.Method, p.env.render(q.Path))
	for _, h := range q.Headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], p.env.render(h[1]))
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	r, err := http.ReadRequest(bufio.NewReader(&b))
	if err != nil {
		return nil, fmt.Errorf("the request is not valid: %w", err)
	}
	r.RemoteAddr = p.client + ":50000"
	return r, nil
}
