package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
)

func remote(t testing.TB, client *isojot.Client, opts ...auth.RemoteOption) *auth.Remote {
	t.Helper()
	r, err := auth.NewRemote(client, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counted is the client with its requests counted.
func counted(t *testing.T, client *isojot.Client) (*isojot.Client, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		n.Add(1)
		return http.DefaultTransport.RoundTrip(r)
	})}
	c, err := client.With(isojot.WithHTTPClient(hc))
	if err != nil {
		t.Fatal(err)
	}
	return c, &n
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// fake is a client whose requests a function answers.
func fake(t testing.TB, answer func(ctx context.Context, req *isojot.Request) (*isojot.Response, error)) *isojot.Client {
	t.Helper()
	c, err := isojot.NewClient("http://auth.invalid/v1", "demo", isojot.WithTransport(isojot.TransportFunc(answer)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func jsonAnswer(status int, body string) *isojot.Response {
	return &isojot.Response{Status: status, Header: map[string][]string{"content-type": {"application/json"}}, Body: []byte(body)}
}

func annAnswer() *isojot.Response { return jsonAnswer(200, `{"$id":"ann"}`) }

func wantCount(t *testing.T, n *atomic.Int64, want int64) {
	t.Helper()
	if got := n.Load(); got != want {
		t.Fatalf("%d requests, want %d", got, want)
	}
}

// A session that ends is seen when the cache time is over, and not before.
func TestRemoteSeesTheSessionEnd(t *testing.T) {
	srv, base := service(t)
	ann, jwt := signIn(t, srv, base, "ann")
	client, asked := counted(t, base)
	r := remote(t, client, auth.WithClock(srv.Now))
	srv.Freeze()

	for range 3 {
		caller, err := r.Verify(t.Context(), jwt)
		wantUser(t, caller, err, "ann")
		if caller.JWT != jwt || caller.SessionID == "" || !caller.Expiry.After(srv.Now()) || caller.Claims["userId"] != "ann" {
			t.Errorf("caller %#v", caller)
		}
		caller.Claims["userId"] = "changed by a handler"
	}
	wantCount(t, asked, 1)
	if err := ann.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	srv.Advance(auth.DefaultCacheFor - time.Nanosecond)
	caller, err := r.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
	wantCount(t, asked, 1)
	srv.Advance(time.Nanosecond)
	for range 3 { // a refusal is remembered too
		_, err = r.Verify(t.Context(), jwt)
		wantRefused(t, err, isojot.ReasonSessionEnded, jwt)
	}
	wantCount(t, asked, 2)
	srv.Advance(5 * time.Second) // but not for as long
	_, err = r.Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonSessionEnded, jwt)
	wantCount(t, asked, 3)
}

func TestRemoteSeesBlocking(t *testing.T) {
	srv, base := service(t)
	_, jwt := signIn(t, srv, base, "ann")
	r := remote(t, base, auth.WithClock(srv.Now))
	srv.BlockUser("ann")
	_, err := r.Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonUserBlocked, jwt)
	if !errors.Is(err, isojot.ErrUserBlocked) {
		t.Errorf("error %v", err)
	}
	srv.UnblockUser("ann")
	srv.Advance(5 * time.Second)
	caller, err := r.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
}

// A good token is not remembered past its exp.
func TestRemoteCachesUpToExp(t *testing.T) {
	srv, base := service(t)
	srv.Freeze()
	_, jwt := signIn(t, srv, base, "ann")
	r := remote(t, base, auth.WithClock(srv.Now), auth.CacheFor(auth.MaxCacheFor))
	srv.Advance(14*time.Minute + 58*time.Second)
	caller, err := r.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
	srv.SetTime(caller.Expiry)
	_, err = r.Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonJWTExpired, jwt)
}

func TestRemoteRefusesForgeriesAndRemembersIt(t *testing.T) {
	srv, base := service(t)
	client, asked := counted(t, base)
	r := remote(t, client, auth.WithClock(srv.Now))
	srv.Freeze()
	forged := token(fmt.Sprintf(`{"userId":"ann","exp":%d}`, srv.Now().Unix()+900))
	for range 2 {
		_, err := r.Verify(t.Context(), forged)
		wantRefused(t, err, isojot.ReasonUnknown, forged)
	}
	wantCount(t, asked, 1)
	_, err := r.Verify(t.Context(), "no token")
	wantRefused(t, err, isojot.ReasonJWTMalformed, "no token")
	_, err = r.Verify(t.Context(), hs256(unsigned(`{"alg":"XX"}`, claims("")), key))
	wantKind(t, err, auth.ErrRefused, "")
	wantCount(t, asked, 1) // what is no token is asked nobody
}

// The client's own credentials never stand for the caller.
func TestRemoteUsesTheTokenAlone(t *testing.T) {
	srv, base := service(t)
	bob, _ := signIn(t, srv, base, "bob")
	both, err := bob.With(isojot.WithKey(srv.CreateKey()))
	if err != nil {
		t.Fatal(err)
	}
	_, jwt := signIn(t, srv, base, "ann")
	caller, err := remote(t, both, auth.WithClock(srv.Now)).Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
}

// What is not the token's fault refuses nobody, and is asked again.
func TestRemoteIsUnavailable(t *testing.T) {
	limited := jsonAnswer(429, `{"message":"slow down","type":"general_rate_limit_exceeded"}`)
	limited.Header["retry-after"] = []string{"7"}
	for name, answer := range map[string]*isojot.Response{
		"no answer":        nil,
		"429":              limited,
		"500":              jsonAnswer(500, `{"message":"Server Error","type":"general_unknown"}`),
		"a proxy's 401":    {Status: 401, Body: []byte("<html>"), Header: map[string][]string{"content-type": {"text/html"}}},
		"a proxy's 403":    {Status: 403},
		"redirect":         {Status: 302, Header: map[string][]string{"location": {"https://login.invalid"}}},
		"wrong project":    jsonAnswer(404, `{"message":"no project","type":"project_not_found"}`),
		"unknown origin":   jsonAnswer(403, `{"message":"origin","type":"general_unknown_origin"}`),
		"a cookie beside":  jsonAnswer(403, `{"message":"both","type":"user_jwt_and_cookie_set"}`),
		"another user":     jsonAnswer(200, `{"$id":"bob"}`),
		"JSON of no user":  jsonAnswer(200, `{}`),
		"200 that is HTML": {Status: 200, Body: []byte("<html>"), Header: map[string][]string{"content-type": {"text/html"}}},
	} {
		t.Run(name, func(t *testing.T) {
			jwt := token(claims(""))
			asked := 0
			r := remote(t, fake(t, func(context.Context, *isojot.Request) (*isojot.Response, error) {
				if asked++; asked > 1 {
					return annAnswer(), nil
				}
				if answer == nil {
					return nil, errors.New("connection refused")
				}
				return answer, nil
			}), at(now))
			_, err := r.Verify(t.Context(), jwt)
			wantUnavailable(t, err, jwt)
			if e, ok := errors.AsType[*isojot.Error](err); !ok || (e.RetryAfter == 7*time.Second) != (name == "429") {
				t.Errorf("error %v, retry after %v", err, e.RetryAfter)
			}
			caller, err := r.Verify(t.Context(), jwt)
			wantUser(t, caller, err, "ann")
		})
	}
}

func TestRemoteTakesTheAPIsRefusals(t *testing.T) {
	for status, kind := range map[int]string{401: "user_more_factors_required", 403: "user_blocked", 412: "user_password_reset_required"} {
		r := remote(t, fake(t, func(context.Context, *isojot.Request) (*isojot.Response, error) {
			return jsonAnswer(status, `{"message":"no","type":"`+kind+`"}`), nil
		}), at(now))
		_, err := r.Verify(t.Context(), token(claims("")))
		wantKind(t, err, auth.ErrRefused, "")
		if !errors.Is(err, isojot.ErrorType(kind)) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// A large answer does not stay in memory with the refusal.
func TestRemoteKeepsLittleOfARefusal(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	r := remote(t, fake(t, func(context.Context, *isojot.Request) (*isojot.Response, error) {
		return jsonAnswer(401, `{"message":"`+long+`","type":"user_jwt_invalid"}`), nil
	}), at(now))
	_, err := r.Verify(t.Context(), token(claims("")))
	wantKind(t, err, auth.ErrRefused, "")
	if n := len(err.Error()); n > 1000 {
		t.Errorf("the error has %d bytes", n)
	}
}

func TestNewRemoteRefusesWhatIsFaulty(t *testing.T) {
	_, base := service(t)
	for text, err := range map[string]error{
		"client: nil":          remoteError(nil),
		"cache time: -1ns":     remoteError(base, auth.CacheFor(-1)),
		"cache time: 15m0.0":   remoteError(base, auth.CacheFor(auth.MaxCacheFor+1)),
		"cache entries: 0":     remoteError(base, auth.CacheEntries(0)),
		"cache entries: 10000": remoteError(base, auth.CacheEntries(auth.MaxCacheEntries+1)),
		"clock: nil":           remoteError(base, auth.WithClock(nil)),
	} {
		wantInvalid(t, err, text)
	}
}

func remoteError(client *isojot.Client, opts ...auth.RemoteOption) error {
	_, err := auth.NewRemote(client, opts...)
	return err
}

// A deleted user's token is refused, with or without a session in it.
func TestRemoteSeesDeletion(t *testing.T) {
	srv, base := service(t)
	ann, bound := signIn(t, srv, base, "ann")
	r := remote(t, base, auth.WithClock(srv.Now))
	signingKey, err := srv.Handler.(*server.Server).Keys().SigningKey(t.Context(), srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	free := hs256(unsigned(`{"typ":"JWT","alg":"HS256"}`, fmt.Sprintf(`{"userId":"ann","sessionId":"","exp":%d}`, srv.Now().Unix()+900)), signingKey)
	for _, jwt := range []string{bound, free} {
		caller, err := r.Verify(t.Context(), jwt)
		wantUser(t, caller, err, "ann")
	}
	if _, err := ann.Call(t.Context(), "account.delete", isojot.Params{}); err != nil {
		t.Fatal(err)
	}
	srv.Advance(auth.DefaultCacheFor)
	for _, jwt := range []string{bound, free} {
		_, err := r.Verify(t.Context(), jwt)
		wantRefused(t, err, isojot.ReasonSessionEnded, jwt)
	}
}
