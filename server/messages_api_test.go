package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/mail"
)

// newMailFixture starts a server in development that keeps messages.
func newMailFixture(t *testing.T, changes ...func(*Options)) *fixture {
	return newFixture(t, append([]func(*Options){withOutbox, func(o *Options) { o.Dev = &Dev{Token: devToken} }}, changes...)...)
}

// aCode is a mail with a code.
func aCode(to, code string) mail.Mail {
	return mail.Mail{Kind: mail.OTPSession, To: to, ToName: "Ann", Values: mail.Values{OTP: code}}
}

// listedMessages are the messages of an answer.
func listedMessages(t *testing.T, a answer) []Message {
	t.Helper()
	var list messageListJSON
	if err := json.Unmarshal(a.Body.Bytes(), &list); err != nil || a.Code != 200 || list.Total != len(list.Messages) {
		t.Fatalf("%d %s: %v", a.Code, a.Body, err)
	}
	return list.Messages
}

func TestMailEndpoints(t *testing.T) {
	t.Parallel()
	f := newMailFixture(t)
	get := func(path string) []Message { return listedMessages(t, f.do("GET", path, local(nil), "")) }
	if list := get("/_isojot/mail"); list == nil || len(list) > 0 {
		t.Errorf("of an empty outbox: %v", list)
	}
	f.mustMail(t, aCode("ann@example.com", "012345"))
	f.mustMail(t, aCode("bob@example.com", "111111"))
	f.mustMail(t, aCode("ann@example.com", "222222"))
	all := get("/_isojot/mail")
	if len(all) != 3 || all[0].Codes[0] != "012345" || all[2].Codes[0] != "222222" {
		t.Fatalf("%+v", all)
	}
	want := Message{ID: all[0].ID, Project: "demo", Channel: "mail", Kind: "otpSession", State: "kept", To: "ann@example.com", ToName: "Ann",
		From: `"demo" <noreply@localhost>`, ReplyTo: `"demo" <noreply@localhost>`, Subject: "OTP for demo Login",
		Text: all[0].Text, HTML: all[0].HTML, Links: []string{}, Codes: []string{"012345"}, CreatedAt: start.Truncate(time.Millisecond)}
	if got, err := f.message(t.Context(), all[0].ID); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if list := get("/_isojot/mail?to=ann@example.com&after=" + all[0].ID); len(list) != 1 || list[0].ID != all[2].ID {
		t.Errorf("after the first: %+v", list)
	}
	if list := get("/_isojot/mail?channel=text"); len(list) > 0 {
		t.Errorf("text messages: %+v", list)
	}
	one := f.must(200, "GET", "/_isojot/mail/"+all[1].ID, local(nil), "")
	if one.text("to") != "bob@example.com" || one.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s", one.Body)
	}
	f.must(204, "DELETE", "/_isojot/mail/"+all[1].ID, local(nil), "")
	f.must(404, "GET", "/_isojot/mail/"+all[1].ID, local(nil), "")
	f.must(404, "DELETE", "/_isojot/mail/"+all[1].ID, local(nil), "")
	f.must(204, "DELETE", "/_isojot/mail", local(nil), "")
	if list := get("/_isojot/mail"); len(list) > 0 {
		t.Errorf("after all were deleted: %v", list)
	}
	for _, query := range []string{"wait=61", "wait=-1", "wait=x", "channel=fax"} {
		if a := f.do("GET", "/_isojot/mail?"+query, local(nil), ""); a.Code != 400 {
			t.Errorf("%s: %d %s", query, a.Code, a.Body)
		}
	}
}

// Messages are read by callers on this machine that know the token, and by the
// server's own page at a name that is nobody else's: never by another site's.
func TestMailIsGuarded(t *testing.T) {
	t.Parallel()
	f := newMailFixture(t, func(o *Options) { o.AllowOrigins = []string{"*"} })
	f.mustMail(t, aCode("ann@example.com", "012345"))
	page := func(more headers) headers {
		h := headers{"RemoteAddr": "127.0.0.1:40000", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
		for name, value := range more {
			h[name] = value
		}
		return h
	}
	for name, tc := range map[string]struct {
		headers
		status int
	}{
		"the token":                      {local(nil), 200},
		"the page":                       {page(nil), 200},
		"the page by IPv6":               {page(headers{"Host": "[::1]:7519"}), 200},
		"the page, deleting":             {page(headers{"Origin": "http://localhost:7519"}), 200},
		"no token":                       {local(headers{"Authorization": ""}), 401},
		"a wrong token":                  {local(headers{"Authorization": "Bearer " + devToken + "x"}), 401},
		"another machine":                {local(headers{"RemoteAddr": "192.0.2.1:40000"}), 403},
		"the page on another machine":    {page(headers{"RemoteAddr": "192.0.2.1:40000"}), 403},
		"another site":                   {page(headers{"Sec-Fetch-Site": "cross-site"}), 403},
		"another port":                   {page(headers{"Sec-Fetch-Site": "same-site"}), 403},
		"another site's Origin":          {page(headers{"Origin": "https://evil.example"}), 403},
		"another port's Origin":          {page(headers{"Origin": "http://localhost:3000"}), 403},
		"typed in":                       {page(headers{"Sec-Fetch-Site": "none"}), 401},
		"opened as a page":               {page(headers{"Sec-Fetch-Mode": "navigate"}), 401},
		"a browser that says nothing":    {page(headers{"Sec-Fetch-Site": ""}), 401},
		"a name that was made lead here": {page(headers{"Host": "evil.example"}), 401},
		"the token and another site":     {local(headers{"Sec-Fetch-Site": "cross-site"}), 403},
	} {
		for _, path := range []string{"/_isojot/mail", "/_isojot/mail?wait=1"} {
			a := f.do("GET", path, tc.headers, "")
			if a.Code != tc.status || a.Code != 200 && strings.Contains(a.Body.String(), "012345") || a.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %d, want %d: %s", name, a.Code, tc.status, a.Body)
			}
		}
		if tc.status != 200 {
			if a := f.do("DELETE", "/_isojot/mail", tc.headers, ""); a.Code != tc.status {
				t.Errorf("%s: deleting is %d", name, a.Code)
			}
		}
	}
}

func TestNoMailEndpointsWithoutOutbox(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"no outbox":      func(o *Options) { o.Dev = &Dev{Token: devToken} },
		"no development": withOutbox,
	} {
		f := newFixture(t, change)
		for _, method := range []string{"GET", "DELETE"} {
			if a := f.do(method, "/_isojot/mail", local(nil), ""); a.Code != 404 || a.text("type") != "isojot_dev_off" {
				t.Errorf("%s: %d %s", name, a.Code, a.Body)
			}
		}
	}
}

// Who waits gets the message when it is there, and does not keep a server from
// ending.
func TestWaitingForAMail(t *testing.T) {
	t.Parallel()
	f := newMailFixture(t)
	web := httptest.NewServer(f)
	t.Cleanup(web.Close)
	wait := func(query string) (answers chan []Message) {
		answers = make(chan []Message, 1)
		r, err := http.NewRequestWithContext(t.Context(), "GET", web.URL+"/_isojot/mail?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+devToken)
		go func() {
			defer close(answers)
			a, err := web.Client().Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer a.Body.Close()
			var list messageListJSON
			if err := json.NewDecoder(a.Body).Decode(&list); err != nil || a.StatusCode != 200 {
				t.Errorf("%d, %v", a.StatusCode, err)
			}
			answers <- list.Messages
		}()
		return answers
	}
	forAnn, forEve := wait("to=ann@example.com&wait=60"), wait("to=eve@example.com&wait=60")
	for len(f.reading) < 2 { // until both wait
		runtime.Gosched()
	}
	f.mustMail(t, aCode("bob@example.com", "111111"))
	f.mustMail(t, aCode("ann@example.com", "012345"))
	if list := <-forAnn; len(list) != 1 || list[0].Codes[0] != "012345" {
		t.Errorf("%+v", list)
	}
	for range maxReading - 1 {
		f.reading <- struct{}{}
	}
	if a := f.do("GET", "/_isojot/mail?wait=1", local(nil), ""); a.Code != 503 {
		t.Errorf("one more who waits: %d %s", a.Code, a.Body)
	}
	f.Drain()
	f.Drain()
	if list := <-forEve; len(list) > 0 {
		t.Errorf("%+v", list)
	}
}

func TestNextMessage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withOutbox)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.NextMessage(ctx, MessageFilter{To: "ann@example.com"}); !errors.Is(err, ErrNoMessage) {
		t.Errorf("none: %v", err)
	}
	f.mustMail(t, aCode("ann@example.com", "012345"))
	m, err := f.NextMessage(ctx, MessageFilter{To: "ann@example.com"})
	if err != nil || m.Codes[0] != "012345" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := newFixture(t).NextMessage(t.Context(), MessageFilter{}); !errors.Is(err, ErrNoOutbox) {
		t.Errorf("without an outbox: %v", err)
	}
}

// The outbox keeps the newest thousand.
func TestTheOutboxIsBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withOutbox)
	for i := range mail.MaxKept + 5 {
		f.mustMail(t, aCode("ann@example.com", fmt.Sprintf("%06d", i)))
	}
	n, after := 0, ""
	for {
		list, err := f.Messages(t.Context(), MessageFilter{After: after})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		if n == 0 && list[0].Codes[0] != "000005" {
			t.Errorf("the oldest has the code %s", list[0].Codes)
		}
		n, after = n+len(list), list[len(list)-1].ID
	}
	if n != mail.MaxKept {
		t.Errorf("%d messages are kept, want %d", n, mail.MaxKept)
	}
}
