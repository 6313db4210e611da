package server

import "testing"

// A name that is led to this machine is not this server's: pages of it come
// from elsewhere, whatever their headers say.
func TestForeignHosts(t *testing.T) {
	t.Parallel()
	f, fn := echo(t, func(o *Options) {
		o.AllowOrigins, o.Endpoint, o.TrustedProxies = []string{"https://app.example.com", "*.example.net"}, "http://Own.example.org:7519/v1", []string{"10.0.0.1"}
		o.Projects = []Project{{ID: DefaultProject, AllowOrigins: []string{"https://ours.example.com"}}, {ID: "other"}}
		o.Dev = &Dev{Token: devToken}
	})
	at := func(host string) headers { return headers{"Host": host, "RemoteAddr": "127.0.0.1:40000"} }
	rebound := func(host string) headers {
		return at(host).with(headers{"Origin": "http://" + host, "Sec-Fetch-Site": "same-origin"})
	}
	refused := `This server does not answer here at the host "evil.example". If the name is yours, start isojot with --allow-origin evil.example (in Go: Options.AllowOrigins).`
	for name, h := range map[string]headers{"a page": rebound("evil.example:7519"), "a page's GET": at("evil.example:7519"), "default port": rebound("evil.example"),
		"capitals": at("EVIL.example:1")} {
		before := fn.times
		f.run([]scenario{
			{name: name + " executes", method: "POST", path: "/_functions/demo/echo/", headers: h, status: 403, kind: "isojot_host_not_allowed", message: refused,
				header: headers{"Access-Control-Allow-Origin": ""}},
			{name: name + " reads", method: "GET", path: "/_functions/demo/echo/", headers: h, status: 403, kind: "isojot_host_not_allowed", message: refused},
			{name: name + " asks", method: "GET", path: "/_isojot/info", headers: h, status: 403, kind: "isojot_host_not_allowed", message: refused},
			{name: name + " moves the clock", method: "POST", path: "/_isojot/clock/advance", headers: local(h), body: `{"duration":"1h"}`, status: 403, kind: "isojot_host_not_allowed"},
		})
		if fn.times != before {
			t.Errorf("%s: the function was executed", name)
		}
	}
	for _, host := range []string{"", "evil.example.com", "localhost.evil.example", "127.0.0.1.evil.example", "xexample.net", "example.net"} {
		f.run([]scenario{{name: "host " + host, method: "POST", path: "/_functions/demo/echo/", headers: at(host), status: 403, kind: "isojot_host_not_allowed"}})
	}
	for _, host := range []string{"localhost", "LOCALHOST:1", "127.0.0.1:7519", "[::1]:7519", "[::1]", "app.example.com", "api.example.net:7519", "own.example.org:7519",
		"ours.example.com"} {
		f.run([]scenario{
			{name: host + " executes", method: "POST", path: "/_functions/demo/echo/", headers: rebound(host), status: 200},
			{name: host + " asks", method: "GET", path: "/_isojot/info", headers: rebound(host), status: 200},
		})
	}
	proxied := at("10.0.0.1:7519").with(headers{"RemoteAddr": "10.0.0.1:1"})
	f.run([]scenario{
		{name: "of another project", method: "GET", path: "/_functions/other/echo/", headers: at("ours.example.com"), status: 403, kind: "isojot_host_not_allowed"},
		{name: "through a proxy", method: "GET", path: "/_functions/demo/echo/", headers: proxied.with(headers{"X-Forwarded-Host": "app.example.com"}), status: 200},
		{name: "a proxy's own", method: "GET", path: "/_functions/demo/echo/", headers: proxied, status: 403, kind: "isojot_host_not_allowed"},
		{name: "through another", method: "GET", path: "/_functions/demo/echo/", headers: at("evil.example").with(headers{"X-Forwarded-Host": "app.example.com"}), status: 403, kind: "isojot_host_not_allowed"},
		{name: "a server", method: "GET", path: "/_functions/demo/echo/", headers: at("inside.example").with(byTestKey), status: 200},
		{name: "a page with some key", method: "POST", path: "/_functions/demo/echo/", headers: rebound("evil.example").with(headers{"X-Appwrite-Key": "some"}), status: 401, kind: "user_unauthorized"},
		{name: "the API", method: "GET", path: "/v1/health/version", headers: at("api.example.com"), status: 200},
	})
}
