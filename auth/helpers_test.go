package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/isojottest"
)

var (
	key = []byte("a signing key of forty bytes, for tests.")
	now = time.Date(2026, 8, 21, 12, 0, 0, 500e6, time.UTC)
)

func at(t time.Time) auth.ClockOption { return auth.WithClock(func() time.Time { return t }) }

// testClock is a clock that tests move.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// unsigned is the part of a token that is signed.
func unsigned(header, payload string) string {
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
}

// hs256 signs by hand, so that the tests do not trust the code under test.
func hs256(text string, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// token is a well signed token of that payload.
func token(payload string) string {
	return hs256(unsigned(`{"typ":"JWT","alg":"HS256"}`, payload), key)
}

// claims is the payload of a token of ann's that lives 15 minutes, and more
// members.
func claims(more string) string {
	return fmt.Sprintf(`{"userId":"ann","sessionId":"s1","exp":%d%s}`, now.Unix()+900, more)
}

// wantRefused checks an error's kind and reason, and that it does not hold the
// token.
func wantRefused(t *testing.T, err error, reason isojot.Reason, token string) {
	t.Helper()
	wantKind(t, err, auth.ErrRefused, token)
	if e, ok := errors.AsType[*isojot.Error](err); !ok || e.Reason != reason {
		t.Errorf("error %v: want an *isojot.Error of reason %s", err, reason)
	}
}

func wantUnavailable(t *testing.T, err error, token string) {
	t.Helper()
	wantKind(t, err, auth.ErrUnavailable, token)
}

func wantKind(t *testing.T, err, kind error, token string) {
	t.Helper()
	other := auth.ErrRefused
	if kind == auth.ErrRefused {
		other = auth.ErrUnavailable
	}
	if !errors.Is(err, kind) || errors.Is(err, other) {
		t.Fatalf("error %v, want only: %v", err, kind)
	}
	for part := range strings.SplitSeq(token, ".") {
		if len(part) > 20 && strings.Contains(err.Error(), part) {
			t.Errorf("the error holds a part of the token: %v", err)
		}
	}
}

func wantUser(t *testing.T, caller *auth.Caller, err error, id string) {
	t.Helper()
	if err != nil || caller.UserID != id {
		t.Fatalf("Verify = %v, %v; want user %s", caller, err, id)
	}
}

func wantInvalid(t *testing.T, err error, text string) {
	t.Helper()
	if !errors.Is(err, isojot.ErrInvalidArgument) || !strings.Contains(err.Error(), text) {
		t.Errorf("error %v, want ErrInvalidArgument with %q", err, text)
	}
}

// service is a server and a client for it without a credential.
func service(t *testing.T) (*isojottest.Server, *isojot.Client) {
	t.Helper()
	srv := isojottest.NewServer(t)
	client, err := isojot.NewClient(srv.URL, srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	return srv, client
}

// signIn makes a user, a client that is signed in and a JWT of its session.
func signIn(t *testing.T, srv *isojottest.Server, base *isojot.Client, user string) (*isojot.Client, string) {
	t.Helper()
	srv.Seed(isojottest.User{ID: user, Email: user + "@example.com"})
	client, err := base.With(isojot.WithSession(srv.CreateSession(user)))
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.Account.CreateJWT(t.Context(), isojot.CreateJWT{})
	if err != nil {
		t.Fatal(err)
	}
	return client, made.JWT
}

// firstGivesUp verifies a token of ann in a bubble, for one who gives up while
// others wait as well: those get the answer, for which it closes answer.
func firstGivesUp(t *testing.T, v auth.Verifier, token string, others int, answer chan struct{}) {
	t.Helper()
	first, giveUp := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		_, err := v.Verify(first, token)
		if !errors.Is(err, auth.ErrUnavailable) || !errors.Is(err, context.Canceled) || !errors.Is(err, isojot.ErrCanceled) {
			t.Errorf("who gave up: %v", err)
		}
	})
	synctest.Wait()
	for range others {
		group.Go(func() {
			if caller, err := v.Verify(t.Context(), token); err != nil || caller.UserID != "ann" {
				t.Errorf("Verify = %v, %v", caller, err)
			}
		})
	}
	synctest.Wait()
	giveUp()
	synctest.Wait()
	close(answer)
	group.Wait()
}
