package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot/internal/store"
)

// gatewaySecret signs what the gateways of these tests get.
const gatewaySecret = "a-secret-for-the-tests"

// webhookTo is a transport to a gateway.
func webhookTo(t *testing.T, url string) *Webhook {
	t.Helper()
	w, err := NewWebhook(url, gatewaySecret)
	if err != nil {
		t.Fatal(err)
	}
	w.now = func() time.Time { return start }
	return w
}

// What a gateway gets, and how it can tell from whom.
func TestWebhookCall(t *testing.T) {
	t.Parallel()
	type call struct {
		*http.Request
		body string
	}
	calls := make(chan call, 1)
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls <- call{r, string(body)}
	}))
	t.Cleanup(gateway.Close)
	out := Outgoing{ID: "m1", Project: "shop", Kind: "login", To: "+14155550123", Message: Message{Text: "012345"}}
	if err := webhookTo(t, gateway.URL+"/send?token=t").Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	got := <-calls
	if want := `{"to":"+14155550123","message":"012345","project":"shop","kind":"login"}`; got.body != want || got.Method != "POST" || got.RequestURI != "/send?token=t" {
		t.Errorf("%s %s %s, want %s", got.Method, got.RequestURI, got.body, want)
	}
	mac := hmac.New(sha256.New, []byte(gatewaySecret))
	mac.Write([]byte("m1.1787313600." + got.body))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if h := got.Header; h.Get("Webhook-Id") != "m1" || h.Get("Webhook-Timestamp") != "1787313600" || h.Get("Webhook-Signature") != want || h.Get("Content-Type") != "application/json" {
		t.Errorf("the headers are %v, want the signature %s", h, want)
	}
}

// A secret as Standard Webhooks writes it, and the signature of their example.
func TestWebhookSignature(t *testing.T) {
	t.Parallel()
	w, err := NewWebhook("https://gateway.example.com", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("the signature is %s, want %s", got, want)
	}
}

// What an answer means, and that a code goes nowhere else.
func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	var status atomic.Int64
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", other.URL)
		w.WriteHeader(int(status.Load()))
	}))
	w := webhookTo(t, gateway.URL)
	for code, want := range map[int]string{200: "sent", 202: "sent", 204: "sent", 301: "again", 307: "again", 308: "again", 400: "dead", 401: "again", 403: "again",
		404: "again", 408: "again", 410: "dead", 422: "dead", 429: "again", 500: "again", 503: "again"} {
		status.Store(int64(code))
		err, got := w.Send(t.Context(), Outgoing{ID: "m1"}), "again"
		switch {
		case err == nil:
			got = "sent"
		case isPermanent(err):
			got = "dead"
		case isUnreachable(err):
			got = "unreachable"
		}
		if got != want {
			t.Errorf("%d is %s, want %s: %v", code, got, want, err)
		}
	}
	if n := elsewhere.Load(); n > 0 {
		t.Errorf("%d redirects were followed", n)
	}
	gateway.Close()
	err := webhookTo(t, gateway.URL+"/send?token=hidden").Send(t.Context(), Outgoing{ID: "m1"})
	if !isUnreachable(err) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("without a gateway: %v", err)
	}
}

// Text messages are sent from the same outbox, and tried again.
func TestTextsAreTriedAgain(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	ids := make(chan string, 10)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ids <- r.Header.Get("Webhook-Id")
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(gateway.Close)
	o := newOffice(t)
	o.put(store.ChannelMail, "m0", "ann@example.com") // for somebody else
	o.put(store.ChannelText, "m1", "+14155550123")
	s := o.send(store.ChannelText, "me", webhookTo(t, gateway.URL), true)
	if m := o.again("m1", 1); !strings.Contains(m.Reason, "503") {
		t.Errorf("%+v", m)
	}
	o.advance(firstWait)
	s.Wake()
	if m := o.until("m1", store.MessageSent); m.Attempts != 2 || m.Body == "" {
		t.Errorf("%+v", m)
	}
	if first, second := <-ids, <-ids; first != "m1" || second != "m1" {
		t.Errorf("the ids are %s and %s", first, second)
	}
	o.until("m0", store.MessageWaiting)
}

func TestWebhookOptions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ url, secret, want string }{
		{"gateway.example.com", gatewaySecret, "must be like https://"},
		{"ftp://gateway.example.com", gatewaySecret, "must be like https://"},
		{"https://gateway.example.com/#x", gatewaySecret, "fragment"},
		{"https://gateway.example.com", "short", "has 5 bytes: use at least 16"},
		{"https://gateway.example.com", "", "has 0 bytes"},
		{"https://gateway.example.com", "whsec_***", "not base64"},
		{"https://user:hidden@gate way", gatewaySecret, "not valid"},
	} {
		_, err := NewWebhook(tc.url, tc.secret)
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s %s: %v, want %q", tc.url, tc.secret, err, tc.want)
		}
	}
	for url, want := range map[string]string{"https://u:hidden@g.example/x?t=hidden": "https://g.example/x true", "http://g.example": "http://g.example false", "http://127.0.0.1:1": "http://127.0.0.1:1 true"} {
		target, encrypted := WebhookTarget(url)
		if got := target + map[bool]string{true: " true", false: " false"}[encrypted]; got != want {
			t.Errorf("%s is %s, want %s", url, got, want)
		}
	}
}
