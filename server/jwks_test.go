package server

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"strings"
	"testing"
)

func TestJWKS(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, func(o *Options) {
		o.Projects = []Project{{ID: "demo"}, {ID: "other"}}
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	none := headers{"X-Appwrite-Project": "", "Origin": "https://anywhere.example"}
	open := headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "Vary": "", "Content-Type": "application/json; charset=UTF-8"}
	f.run([]scenario{
		{name: "HS256", method: "GET", path: "/v1/projects/demo/jwks.json", headers: none, status: 200, want: []string{`{"keys":[]}`},
			header: open.with(headers{"Cache-Control": "no-cache"})},
		{name: "unknown", method: "GET", path: "/v1/projects/nope/jwks.json", headers: none, status: 404, kind: "project_not_found"},
		{name: "by POST", method: "POST", path: "/v1/projects/demo/jwks.json", headers: headers{"X-Appwrite-Project": ""}, status: 404, kind: "general_route_not_found"},
	})
	ed := f.rotate(Rotation{Algorithm: "EdDSA"})
	es := f.rotate(Rotation{Algorithm: "ES256"})
	f.run([]scenario{
		{name: "public", method: "GET", path: "/v1/projects/demo/jwks.json", headers: none, status: 200, header: open.with(headers{"Cache-Control": "public, max-age=300"}),
			want:    []string{`{"kty":"OKP","crv":"Ed25519","x":"`, `"use":"sig","alg":"EdDSA","kid":"` + ed.ID + `"}`, `{"kty":"EC","crv":"P-256","x":"`, `"kid":"` + es.ID},
			wantNot: []string{`"d"`, `"k"`}},
		{name: "whatever is presented", method: "GET", path: "/v1/projects/demo/jwks.json", headers: none.with(token("a.b.c"), headers{"X-Appwrite-Key": "x"}), status: 200},
		{name: "HEAD", method: "HEAD", path: "/v1/projects/demo/jwks.json", headers: none, status: 200},
		{name: "of another project", method: "GET", path: "/v1/projects/other/jwks.json", headers: none, status: 200, want: []string{`{"keys":[]}`}},
	})
	p, err := f.db.Project(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	body := f.must(200, "GET", "/v1/projects/demo/jwks.json", none, "").Body.String()
	for _, k := range p.Keys {
		for _, leak := range []string{hex.EncodeToString(k.Secret), base64.RawURLEncoding.EncodeToString(k.Secret)} {
			if strings.Contains(body, leak) || strings.Contains(log.String(), leak) {
				t.Errorf("the %s key leaks", k.Algorithm)
			}
		}
	}
}
