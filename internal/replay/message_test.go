package replay

import (
	"slices"
	"testing"
	"time"
)

// The codes of RFC 6238, appendix B, in six digits.
func TestTOTP(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 2000000000: "279037"} {
		if got := totp(secret, time.Unix(at, 0)); got != want {
			t.Errorf("at %d the code is %s, want %s", at, got, want)
		}
	}
	if got := totp("1", time.Unix(59, 0)); got != "" {
		t.Errorf("what is no secret has the code %s", got)
	}
}

// A message is compared in each thing that is expected of it, and binds its
// secrets.
func TestMessages(t *testing.T) {
	at := time.Unix(1796085640, 0).UTC()
	want := wantMessage{Channel: channelMail, To: "ann@example.com", ToName: "Ann", Subject: "Hello", HTML: true, Text: true,
		Links: []string{"http://localhost/x?userId=ann&secret=${token1x6}&expire=@3600"}, Codes: []string{"${code1}"}}
	good := message{Channel: channelMail, To: "ann@example.com", ToName: "Ann", Subject: "Hello", HTML: "<p>",
		Text: "See http://localhost/x?userId=ann&secret=a1b2c3&expire=2026-12-01T01%3A40%3A40.000%2B00%3A00 or 123456."}
	for name, tt := range map[string]struct {
		change func(*message)
		field  string
	}{
		"as expected": {func(*message) {}, ""},
		"to":          {func(m *message) { m.To = "bob@example.com" }, "message to"},
		"name":        {func(m *message) { m.ToName = "" }, "message to name"},
		"from":        {func(m *message) { m.From.Address = "x@example.com" }, "message from"},
		"subject":     {func(m *message) { m.Subject = "Hi" }, "message subject"},
		"no page":     {func(m *message) { m.HTML = "" }, "message has html"},
		"no link":     {func(m *message) { m.Text = "123456" }, "message links"},
		"no code":     {func(m *message) { m.Text = good.Text[:len(good.Text)-len(" or 123456.")] }, "message codes"},
		"expire": {func(m *message) {
			m.Text = "http://localhost/x?userId=ann&secret=a1b2c3&expire=2026-12-01T02%3A40%3A40.000%2B00%3A00 123456"
		}, "message link expire"},
		"secret": {func(m *message) {
			m.Text = "http://localhost/x?userId=ann&secret=A&expire=2026-12-01T01%3A40%3A40.000%2B00%3A00 123456"
		}, "message link"},
	} {
		got := good
		tt.change(&got)
		w := want
		c := comparison{step: &step{At: at.Unix()}, env: env{}}
		c.want = wantOf(&w)
		c.message(&got)
		if tt.field == "" && (len(c.found) > 0 || c.env["token1x6"] != "a1b2c3" || c.env["code1"] != "123456") {
			t.Errorf("%s: %v, %v", name, c.found, c.env)
		}
		if tt.field != "" && (len(c.found) != 1 || c.found[0].Field != tt.field) {
			t.Errorf("%s: %v, want %s", name, c.found, tt.field)
		}
	}
	for name, c := range map[string]struct {
		none bool
		got  *message
	}{"one too few": {false, nil}, "one too many": {true, &good}} {
		compared := comparison{step: &step{}, want: wantOf(&wantMessage{Channel: channelMail, None: c.none}), env: env{}}
		if compared.message(c.got); len(compared.found) != 1 || compared.found[0].Field != "message" {
			t.Errorf("%s: %v", name, compared.found)
		}
	}
}

// wantOf is what is expected of a message.
func wantOf(m *wantMessage) *want { return &want{Mail: m} }

// Redirects differ by parameter, and bind the state whatever else they have.
func TestRedirects(t *testing.T) {
	c := comparison{step: &step{}, env: env{}}
	c.redirect("http://p/auth?client_id=1&state=${state1}", "http://p/auth?client_id=2&code_challenge=x&state=abc#f")
	var fields []string
	for _, d := range c.found {
		fields = append(fields, d.Field)
	}
	if want := []string{"header Location fragment", "header Location parameters", "header Location client_id"}; !slices.Equal(fields, want) || c.env["state1"] != "abc" {
		t.Errorf("%q differ, %v, want %q", fields, c.env, want)
	}
}

func TestOperationOf(t *testing.T) {
	for request, want := range map[[2]string]string{
		{"GET", "/users/identities"}: "users.listIdentities", {"GET", "/users/u1"}: "users.get", {"PUT", "/account/sessions/magic-url"}: "account.updateMagicURLSession",
		{"GET", "/nope"}: "", {"POST", "/account/verification"}: "account.createEmailVerification",
	} {
		if got := operationOf(request[0], request[1]); got != want {
			t.Errorf("%v is %q, want %q", request, got, want)
		}
	}
}

// The list of pending scenarios is wrong in each way that it can be.
func TestUnexpectedPending(t *testing.T) {
	a, b := map[string][]string{"a": {"x"}}, map[string][]string{"a": {"x"}, "b": {"y"}}
	if faults := unexpectedPending(a, a); len(faults) > 0 {
		t.Errorf("the same: %q", faults)
	}
	if len(unexpectedPending(a, b)) != 1 || len(unexpectedPending(b, a)) != 1 || len(unexpectedPending(a, map[string][]string{"a": {"z"}})) != 1 {
		t.Error("a list that is wrong is not noticed")
	}
}
