package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
	"github.com/isojot/isojot/server"
)

func local(t *testing.T, opts ...auth.LocalOption) *auth.Local {
	t.Helper()
	l, err := auth.NewLocal(key, append([]auth.LocalOption{at(now)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLocalReadsTheCaller(t *testing.T) {
	jwt := token(claims(fmt.Sprintf(`,"iat":%d,"big":9007199254740993,"team":{"id":[1.50]}`, now.Unix())))
	got, err := local(t).Verify(t.Context(), jwt)
	if err != nil {
		t.Fatal(err)
	}
	want := &auth.Caller{
		UserID: "ann", SessionID: "s1", Expiry: time.Unix(now.Unix()+900, 0), JWT: jwt,
		Claims: map[string]any{
			"userId": "ann", "sessionId": "s1",
			"exp": json.Number(fmt.Sprint(now.Unix() + 900)), "iat": json.Number(fmt.Sprint(now.Unix())),
			"big":  json.Number("9007199254740993"),
			"team": map[string]any{"id": []any{json.Number("1.50")}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Verify = %#v\nwant     %#v", got, want)
	}
}

func TestCallerDoesNotPrintItsToken(t *testing.T) {
	caller, err := local(t).Verify(t.Context(), token(claims("")))
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("called", "by", caller)
	for _, text := range []string{fmt.Sprint(caller), fmt.Sprintf("%+v", *caller), log.String()} {
		if strings.Contains(text, caller.JWT) || !strings.Contains(text, "ann") || !strings.Contains(text, "s1") {
			t.Errorf("printed as %s", text)
		}
	}
}

// A token of createJWT is verified by what SigningKey (isojot key jwt) returns.
func TestLocalVerifiesTheServersTokens(t *testing.T) {
	srv, base := service(t)
	_, jwt := signIn(t, srv, base, "ann")
	signingKey, err := srv.Handler.(*server.Server).Keys().SigningKey(t.Context(), srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	l, err := auth.NewLocal(signingKey, auth.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	caller, err := l.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
	_, err = local(t).Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonUnknown, jwt)
	srv.Advance(15 * time.Minute)
	_, err = l.Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonJWTExpired, jwt)
}

func TestLocalRefuses(t *testing.T) {
	good := claims("")
	header := `{"typ":"JWT","alg":"HS256"}`
	for name, tt := range map[string]struct {
		token  string
		reason isojot.Reason
	}{
		"another key":           {hs256(unsigned(header, good), []byte("another key of forty bytes, for testing.")), isojot.ReasonUnknown},
		"no signature":          {unsigned(header, good) + ".", isojot.ReasonJWTMalformed},
		"signature cut":         {strings.TrimRight(token(good), "=")[:len(token(good))-1], isojot.ReasonJWTMalformed},
		"alg none":              {hs256(unsigned(`{"alg":"none"}`, good), key), isojot.ReasonJWTMalformed},
		"alg RS256":             {hs256(unsigned(`{"alg":"RS256"}`, good), key), isojot.ReasonUnknown},
		"alg HS512":             {hs256(unsigned(`{"alg":"HS512"}`, good), key), isojot.ReasonUnknown},
		"alg of no library":     {hs256(unsigned(`{"alg":"hs256"}`, good), key), isojot.ReasonUnknown},
		"kid":                   {hs256(unsigned(`{"alg":"HS256","kid":"../../dev/null"}`, good), key), isojot.ReasonUnknown},
		"kid of another type":   {hs256(unsigned(`{"alg":"HS256","kid":null}`, good), key), isojot.ReasonUnknown},
		"crit":                  {hs256(unsigned(`{"alg":"HS256","crit":["b64"],"b64":false}`, good), key), isojot.ReasonUnknown},
		"expired now":           {token(fmt.Sprintf(`{"userId":"ann","exp":%d}`, now.Unix())), isojot.ReasonJWTExpired},
		"issued an hour ago":    {token(claims(fmt.Sprintf(`,"iat":%d`, now.Unix()-3600))), isojot.ReasonJWTExpired},
		"not valid yet":         {token(claims(fmt.Sprintf(`,"nbf":%d`, now.Unix()+1))), isojot.ReasonUnknown},
		"nbf beyond integers":   {token(claims(`,"nbf":1e308`)), isojot.ReasonJWTMalformed},
		"nbf beyond 2^53":       {token(claims(`,"nbf":9007199254740993`)), isojot.ReasonJWTMalformed},
		"nbf text":              {token(claims(`,"nbf":"1"`)), isojot.ReasonJWTMalformed},
		"iat text":              {token(claims(`,"iat":"1"`)), isojot.ReasonJWTMalformed},
		"exp missing":           {token(`{"userId":"ann"}`), isojot.ReasonJWTMalformed},
		"userId empty":          {token(fmt.Sprintf(`{"userId":"","exp":%d}`, now.Unix()+900)), isojot.ReasonJWTMalformed},
		"forged and expired":    {hs256(unsigned(header, `{"userId":"ann","exp":1}`), make([]byte, 32)), isojot.ReasonUnknown},
		"a claim that is twice": {token(claims(`,"userId":"bob"`)), isojot.ReasonJWTMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := local(t).Verify(t.Context(), tt.token)
			wantRefused(t, err, tt.reason, tt.token)
		})
	}
}

// Changing any one character of a token refuses it.
func TestLocalRefusesEveryTamperedCharacter(t *testing.T) {
	l, jwt := local(t), token(claims(""))
	for i := range len(jwt) {
		b := []byte(jwt)
		b[i]++
		if caller, err := l.Verify(t.Context(), string(b)); !errors.Is(err, auth.ErrRefused) {
			t.Fatalf("character %d: Verify = %v, %v", i, caller, err)
		}
	}
}

func TestLeeway(t *testing.T) {
	expired := token(fmt.Sprintf(`{"userId":"ann","exp":%d}`, now.Unix()-59))
	early := token(claims(fmt.Sprintf(`,"nbf":%d`, now.Unix()+60)))
	old := token(claims(fmt.Sprintf(`,"iat":%d`, now.Unix()-3600-59)))
	for _, jwt := range []string{expired, early, old} {
		caller, err := local(t, auth.WithLeeway(time.Minute)).Verify(t.Context(), jwt)
		wantUser(t, caller, err, "ann")
		_, err = local(t, auth.WithLeeway(time.Minute-2*time.Second)).Verify(t.Context(), jwt)
		wantKind(t, err, auth.ErrRefused, jwt)
	}
}

func TestNewLocalRefusesWhatIsFaulty(t *testing.T) {
	for text, err := range map[string]error{
		"31 bytes":        localError(key[:31]),
		"0 bytes":         localError(nil),
		"everybody knows": localError([]byte("your-secret-key")),
		"a default that":  localError([]byte("a-string-secret-at-least-256-bits-long")),
		"all bytes":       localError(make([]byte, 32)),
		"leeway: -1ns":    localError(key, auth.WithLeeway(-1)),
		"leeway: 5m0.0":   localError(key, auth.WithLeeway(auth.MaxLeeway+1)),
		"clock: nil":      localError(key, auth.WithClock(nil)),
		"verifier is nil": localError(key, auth.WithLiveness(nil)),
	} {
		wantInvalid(t, err, text)
	}
}

func localError(key []byte, opts ...auth.LocalOption) error {
	_, err := auth.NewLocal(key, opts...)
	return err
}

// The verifier keeps its own copy of the key.
func TestLocalKeepsItsKey(t *testing.T) {
	own := append([]byte(nil), key...)
	l, err := auth.NewLocal(own, at(now))
	if err != nil {
		t.Fatal(err)
	}
	clear(own)
	caller, err := l.Verify(t.Context(), token(claims("")))
	wantUser(t, caller, err, "ann")
}

func TestLiveness(t *testing.T) {
	cause := errors.New("database is down")
	asked := 0
	for name, tt := range map[string]struct{ answer, kind error }{
		"alive":           {nil, nil},
		"ended":           {fmt.Errorf("%w: %w", auth.ErrRefused, &isojot.Error{Reason: isojot.ReasonSessionEnded}), auth.ErrRefused},
		"another's error": {cause, auth.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			asked = 0
			jwt := token(claims(""))
			l := local(t, auth.WithLiveness(auth.VerifierFunc(func(_ context.Context, got string) (*auth.Caller, error) {
				asked++
				if got != jwt {
					t.Errorf("asked of %s", got)
				}
				return nil, tt.answer
			})))
			caller, err := l.Verify(t.Context(), jwt)
			if tt.kind == nil {
				wantUser(t, caller, err, "ann")
			} else if !errors.Is(err, tt.kind) || !errors.Is(err, tt.answer) {
				t.Errorf("error %v", err)
			}
			if _, err := l.Verify(t.Context(), jwt[:len(jwt)-4]+"AAAA"); !errors.Is(err, auth.ErrRefused) || asked != 1 {
				t.Errorf("a forged token: %v, asked %d times", err, asked)
			}
		})
	}
}

// Local alone does not see that a session has ended; with a Remote it does.
func TestLivenessByRemote(t *testing.T) {
	srv, base := service(t)
	ann, jwt := signIn(t, srv, base, "ann")
	signingKey, err := srv.Handler.(*server.Server).Keys().SigningKey(t.Context(), srv.Project)
	if err != nil {
		t.Fatal(err)
	}
	remote, err := auth.NewRemote(base, auth.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	alone, err := auth.NewLocal(signingKey, auth.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	both, err := auth.NewLocal(signingKey, auth.WithClock(srv.Now), auth.WithLiveness(remote))
	if err != nil {
		t.Fatal(err)
	}
	caller, err := both.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
	if err := ann.Account.DeleteSession(t.Context(), "current"); err != nil {
		t.Fatal(err)
	}
	srv.Advance(auth.DefaultCacheFor)
	caller, err = alone.Verify(t.Context(), jwt)
	wantUser(t, caller, err, "ann")
	_, err = both.Verify(t.Context(), jwt)
	wantRefused(t, err, isojot.ReasonSessionEnded, jwt)
}
