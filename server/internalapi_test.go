package server

import (
	"strings"
	"testing"
	"time"
)

const devToken = "a-token-for-the-tests"

// local are the headers of a caller on this machine that knows the token.
func local(more headers) headers {
	h := headers{"RemoteAddr": "127.0.0.1:40000", "Authorization": "Bearer " + devToken}
	for name, value := range more {
		h[name] = value
	}
	return h
}

// newDevFixture starts a server whose own clock can be moved.
func newDevFixture(t *testing.T) *fixture {
	return newFixture(t, func(o *Options) { o.Dev = &Dev{Token: devToken} })
}

func TestClockEndpoints(t *testing.T) {
	t.Parallel()
	f := newDevFixture(t)
	bad := func(name, path, body, message string) scenario {
		return scenario{name: name, method: "POST", path: path, headers: local(nil), body: body, status: 400, kind: "isojot_dev_argument_invalid", message: message}
	}
	post := func(name, path, body, want string) scenario {
		return scenario{name: name, method: "POST", path: path, headers: local(nil), body: body, status: 200, want: []string{want},
			header: headers{"Access-Control-Allow-Origin": "", "Content-Type": "application/json; charset=UTF-8"}}
	}
	f.run([]scenario{
		{name: "get", method: "GET", path: "/_isojot/clock", headers: local(nil), status: 200, want: []string{`{"now":"2026-08-21T12:42:57.123+00:00","offsetMs":0,"frozen":false}`}},
		post("advance", "/_isojot/clock/advance", `{"duration":"60m"}`, `{"now":"2026-08-21T13:42:57.123+00:00","offsetMs":3600000,"frozen":false}`),
		post("set", "/_isojot/clock/set", `{"time":"2026-08-21T14:00:00+02:00"}`, `{"now":"2026-08-21T12:00:00.000+00:00","offsetMs":-2577123,"frozen":false}`),
		post("freeze", "/_isojot/clock/freeze", "", `"frozen":true`),
		post("advance frozen", "/_isojot/clock/advance", `{"duration":"1s"}`, `{"now":"2026-08-21T12:00:01.000+00:00","offsetMs":-2576123,"frozen":true}`),
		post("reset", "/_isojot/clock/reset", "", `{"now":"2026-08-21T12:42:57.123+00:00","offsetMs":0,"frozen":false}`),
		bad("no duration", "/_isojot/clock/advance", `{}`, `The duration "" is not valid: use a number with a unit, such as 90s, 60m or 24h.`),
		bad("days", "/_isojot/clock/advance", `{"duration":"1d"}`, `The duration "1d" is not valid: use a number with a unit, such as 90s, 60m or 24h.`),
		bad("backward", "/_isojot/clock/advance", `{"duration":"-1s"}`, "clock: cannot advance by -1s: the duration must not be negative; use set to go back."),
		bad("bad time", "/_isojot/clock/set", `{"time":"tomorrow"}`, `The time "tomorrow" is not valid: write it like 2026-08-21T12:00:00Z (RFC 3339).`),
		bad("far away", "/_isojot/clock/set", `{"time":"1850-01-01T00:00:00Z"}`, "clock: cannot show the year 1850: it must be between 1970 and 9999."),
		bad("not JSON", "/_isojot/clock/set", `time=1`, `The body must be a JSON object such as {"time":"2026-08-21T12:00:00Z"}, of at most 4096 bytes.`),
		bad("too long", "/_isojot/clock/set", `{"time":"`+strings.Repeat("x", maxInternalBody)+`"}`, `The body must be a JSON object such as {"time":"2026-08-21T12:00:00Z"}, of at most 4096 bytes.`),
		{name: "the clock stands where it stood", method: "GET", path: "/_isojot/clock", headers: local(nil), status: 200, want: []string{`"offsetMs":0`}},
	})
}

func TestClockIsGuarded(t *testing.T) {
	t.Parallel()
	f := newDevFixture(t)
	refused := func(name string, status int, kind string, h headers) scenario {
		return scenario{name: name, method: "POST", path: "/_isojot/clock/advance", headers: h, body: `{"duration":"60m"}`, status: status, kind: kind,
			header: headers{"Access-Control-Allow-Origin": ""}}
	}
	f.run([]scenario{
		refused("another machine", 403, "isojot_dev_not_local", local(headers{"RemoteAddr": "192.0.2.1:40000"})),
		refused("no address", 403, "isojot_dev_not_local", local(headers{"RemoteAddr": "@"})),
		// What middleware takes from a header has no port.
		refused("an address from a header", 403, "isojot_dev_not_local", local(headers{"RemoteAddr": "127.0.0.1"})),
		refused("IPv6 from a header", 403, "isojot_dev_not_local", local(headers{"RemoteAddr": "::1"})),
		refused("a name from a header", 403, "isojot_dev_not_local", local(headers{"RemoteAddr": "localhost"})),
		refused("no token", 401, "isojot_dev_token_invalid", local(headers{"Authorization": ""})),
		refused("wrong token", 401, "isojot_dev_token_invalid", local(headers{"Authorization": "Bearer " + devToken + "x"})),
		refused("Basic", 401, "isojot_dev_token_invalid", local(headers{"Authorization": "Basic " + devToken})),
		refused("another site", 403, "isojot_dev_not_local", local(headers{"Origin": "http://evil.example"})),
		refused("another port", 403, "isojot_dev_not_local", local(headers{"Origin": "http://localhost:3000"})),
		refused("null origin", 403, "isojot_dev_not_local", local(headers{"Origin": "null"})),
		refused("by fetch metadata", 403, "isojot_dev_not_local", local(headers{"Sec-Fetch-Site": "cross-site"})),
		{name: "preflight", method: "OPTIONS", path: "/_isojot/clock/advance", headers: local(headers{"Origin": "http://evil.example"}), status: 404, kind: "general_route_not_found",
			header: headers{"Access-Control-Allow-Origin": ""}},
		{name: "own page", method: "GET", path: "/_isojot/clock", headers: local(headers{"Origin": "http://localhost:7519"}), status: 200, want: []string{`"offsetMs":0`}},
		{name: "IPv6", method: "GET", path: "/_isojot/clock", headers: local(headers{"RemoteAddr": "[::1]:40000"}), status: 200},
	})
}

func TestNoClockWithoutDev(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.run([]scenario{
		{name: "get", method: "GET", path: "/_isojot/clock", headers: local(nil), status: 404, kind: "isojot_dev_off",
			message: "The clock can be moved in development mode alone: start isojot with --dev."},
		{name: "advance", method: "POST", path: "/_isojot/clock/advance", headers: local(nil), body: `{"duration":"1h"}`, status: 404, kind: "isojot_dev_off"},
	})
}

// What the clock moves: limits, JWTs and sessions.
func TestEverythingFollowsTheClock(t *testing.T) {
	t.Parallel()
	f := newDevFixture(t)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	var jwt string
	for range 10 {
		jwt = f.jwt(store)
	}
	f.must(429, "POST", "/v1/account/jwts", session(store), "{}")
	f.must(200, "POST", "/_isojot/clock/advance", local(nil), `{"duration":"60m"}`)
	f.must(201, "POST", "/v1/account/jwts", session(store), "{}")
	f.must(401, "GET", "/v1/account", token(jwt), "")
	f.must(200, "POST", "/_isojot/clock/advance", local(nil), `{"duration":"8760h"}`)
	f.must(401, "GET", "/v1/account", session(store), "")
	if got, want := f.now(), start.Add(8761*time.Hour); !got.Equal(want) {
		t.Errorf("the server's clock shows %v, want %v", got, want)
	}
}

func TestInfoEndpoint(t *testing.T) {
	t.Parallel()
	f := newDevFixture(t)
	f.run([]scenario{
		{name: "same origin", method: "GET", path: "/_isojot/info", headers: headers{"Sec-Fetch-Site": "same-origin"}, status: 200,
			want: []string{`{"version":"` + version + `","project":"demo","limits":"classic","dev":true}`}, header: headers{"Access-Control-Allow-Origin": ""}},
		{name: "no page", method: "GET", path: "/_isojot/info", status: 200},
		{name: "another site", method: "GET", path: "/_isojot/info", headers: headers{"Origin": "http://localhost:3000"}, status: 403, kind: "isojot_dev_not_local"},
		{name: "another site without Origin", method: "GET", path: "/_isojot/info", headers: headers{"Sec-Fetch-Site": "same-site"}, status: 403, kind: "isojot_dev_not_local"},
	})
}

// What is not there is told from what --dev would bring, and what is there is
// listed.
func TestNothingInternal(t *testing.T) {
	t.Parallel()
	const always = "Route not found. Below /_isojot/ there is: GET /_isojot/health, GET /_isojot/info"
	dev := always + ", GET /_isojot/clock, POST /_isojot/clock/advance, POST /_isojot/clock/set, POST /_isojot/clock/freeze, POST /_isojot/clock/reset, " +
		"GET /_isojot/oauth2/authorize, POST /_isojot/oauth2/authorize."
	for message, f := range map[string]*fixture{always + ".": newFixture(t), dev: newDevFixture(t)} {
		nothing := func(method, path string) scenario {
			return scenario{name: method + " " + path, method: method, path: path, headers: local(nil), status: 404, kind: "general_route_not_found", message: message,
				header: headers{"Access-Control-Allow-Origin": ""}}
		}
		f.run([]scenario{nothing("GET", "/_isojot/"), nothing("GET", "/_isojot/nope"), nothing("POST", "/_isojot/info"), nothing("DELETE", "/_isojot/clock"), nothing("GET", "/_isojot/clock/advance")})
	}
}
