package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a call of the webhook.
const (
	webhookTime   = 30 * time.Second
	maxReply      = 4 << 10 // what is read of an answer, so that its connection can be used again
	minSecret     = 16      // bytes
	secretPrefix  = "whsec_"
	signatureKind = "v1,"
)

// Webhook hands text messages to a gateway, by a POST that is signed as Standard
// Webhooks are (standardwebhooks.com). It is safe for concurrent use.
type Webhook struct {
	url    string
	key    []byte
	client *http.Client
	now    func() time.Time
}

// webhookJSON is the body of a call.
type webhookJSON struct {
	To      string `json:"to"`
	Message string `json:"message"`
	Project string `json:"project"`
	Kind    string `json:"kind"`
}

// checkWebhook says what is wrong with the URL of a webhook.
func checkWebhook(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("the URL of the webhook is not valid")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return errors.New("the URL of the webhook must be like https://gateway.example.com/send")
	case u.Fragment != "":
		return errors.New("the URL of the webhook has a fragment, which is not sent: leave it out")
	}
	return nil
}

// WebhookTarget is a valid URL of a webhook without user, password and query,
// and whether what is sent there is encrypted, or stays on this machine.
func WebhookTarget(text string) (target string, encrypted bool) {
	u, err := url.Parse(text)
	if err != nil {
		return "", false
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), u.Scheme == "https" || local(u.Hostname())
}

// NewWebhook makes a Webhook. The secret is whsec_ and a key in base64, or any
// text of at least 16 bytes.
func NewWebhook(url, secret string) (*Webhook, error) {
	if err := checkWebhook(url); err != nil {
		return nil, err
	}
	key := []byte(secret)
	if encoded, ok := strings.CutPrefix(secret, secretPrefix); ok {
		var err error
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, errors.New("the webhook's secret begins with whsec_, and what follows is not base64")
		}
	}
	if len(key) < minSecret {
		return nil, fmt.Errorf("the webhook's secret has %d bytes: use at least %d random ones", len(key), minSecret)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost = sendersAtOnce
	return &Webhook{url: url, key: key, now: time.Now, client: &http.Client{
		Timeout: webhookTime, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a code is for nobody else
	}}, nil
}

// Send hands over a message.
func (w *Webhook) Send(ctx context.Context, m Outgoing) error {
	body, err := json.Marshal(webhookJSON{m.To, m.Text, m.Project, m.Kind})
	if err != nil {
		return &permanent{err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return &permanent{errors.New("the URL of the webhook is not valid")}
	}
	at := strconv.FormatInt(w.now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", mailer)
	r.Header.Set("Webhook-Id", m.ID)
	r.Header.Set("Webhook-Timestamp", at)
	r.Header.Set("Webhook-Signature", signatureKind+w.sign(m.ID, at, body))
	answer, err := w.client.Do(r)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok { // which quotes the URL, with what may be secret there
			err = wrapped.Err
		}
		return unlessSent(fmt.Errorf("calling the webhook: %w", err))
	}
	defer answer.Body.Close()
	// What the answer says beside its status makes no difference.
	_, _ = io.CopyN(io.Discard, answer.Body, maxReply)
	return answered(answer.StatusCode)
}

// unlessSent makes a failure to connect one of reaching anybody. What fails
// later may be the message's.
func unlessSent(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return &unreachable{err}
	}
	return err
}

// sign signs a call.
func (w *Webhook) sign(id, at string, body []byte) string {
	mac := hmac.New(sha256.New, w.key)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// forNow are the statuses of 400 and more that may be others at another time:
// when somebody has put the gateway right.
var forNow = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}

// answered says what a status means.
func answered(status int) error {
	err := fmt.Errorf("the webhook answered %d", status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return fmt.Errorf("%w, and redirects are not followed: give the URL that answers", err)
	case slices.Contains(forNow, status), status < 400, status >= 500:
		return err
	}
	return &permanent{err}
}

// Rest closes the connections that are not in use.
func (w *Webhook) Rest() { w.client.CloseIdleConnections() }
