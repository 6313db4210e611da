package auth_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

func BenchmarkLocal(b *testing.B) {
	l, err := auth.NewLocal(key, at(now))
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, l, token(claims("")))
}

// BenchmarkRemoteCached is a token whose verdict is in memory.
func BenchmarkRemoteCached(b *testing.B) {
	benchmark(b, remote(b, annsEndpoint(b), at(now)), token(claims("")))
}

func BenchmarkJWKS(b *testing.B) {
	ed, ec := ed25519Key(b), p256Key(b)
	i := newIssuer(b, set(b, public(b, "ed", ed, nil), public(b, "ec", ec, nil)))
	b.Run("EdDSA", func(b *testing.B) {
		benchmark(b, jwks(b, i.url), signed(b, jwt.SigningMethodEdDSA, ed, "ed", claims("")))
	})
	b.Run("ES256", func(b *testing.B) {
		benchmark(b, jwks(b, i.url), signed(b, jwt.SigningMethodES256, ec, "ec", claims("")))
	})
}

func benchmark(b *testing.B, v auth.Verifier, jwt string) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), jwt); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRemoteEntry reports the memory that a remembered token takes.
func BenchmarkRemoteEntry(b *testing.B) {
	r := remote(b, annsEndpoint(b), at(now), auth.CacheEntries(auth.MaxCacheEntries))
	jwts := make([]string, 10_000)
	for i := range jwts {
		jwts[i] = token(claims(fmt.Sprintf(`,"n":%d`, i)))
	}
	before := heap()
	for _, jwt := range jwts {
		if _, err := r.Verify(b.Context(), jwt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(heap()-before)/float64(len(jwts)), "B/entry")
	runtime.KeepAlive(jwts)
	b.ReportMetric(0, "ns/op")
	if r.Entries() != len(jwts) {
		b.Fatalf("%d entries", r.Entries())
	}
}

func annsEndpoint(tb testing.TB) *isojot.Client {
	return fake(tb, func(context.Context, *isojot.Request) (*isojot.Response, error) { return annAnswer(), nil })
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
