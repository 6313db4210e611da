package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/internal/userjwt"
	"github.com/isojot/isojot/server/internal/wire"
)

// jwksPattern is where the public keys of a project are, for verifiers of its
// JWTs: a JWK Set (RFC 7517 section 5), without any header or credential.
const jwksPattern = "GET /v1/projects/{projectId}/jwks.json"

// JWKSPath is the path, below the endpoint, of the public keys of a project.
func JWKSPath(project string) string { return "/projects/" + project + "/jwks.json" }

// jwksJSON is a JWK Set.
type jwksJSON struct {
	Keys []userjwt.JWK `json:"keys"`
}

// Caches may keep a set for jwksMaxAge, 5 minutes: with the 10 that verifiers
// keep it, as jose and package auth do, a key is known everywhere within
// projects.PublishDelay. A set of no keys is not kept, since a project's first key signs
// at once.
const (
	jwksMaxAge = "public, max-age=300"
	jwksNoAge  = "no-cache"
)

// getJWKS answers with the public keys of a project, to the pages of all
// sites. A project that signs by HS256 has none.
func (s *Server) getJWKS(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Del("Access-Control-Allow-Credentials") // which * excludes
	h.Del("Vary")
	p, err := s.projects.Find(r.Context(), strings.ToLower(r.PathValue("projectId")))
	err = store.NotFoundAs(err, wire.Fail(isojot.ErrProjectNotFound))
	if err == nil {
		p, err = s.projects.Current(r.Context(), p)
	}
	if err != nil {
		s.writeError(w, errors.Join(err, r.Context().Err()))
		return
	}
	set := jwksJSON{p.Keys.Public(s.now())}
	h.Set("Cache-Control", jwksMaxAge)
	if len(set.Keys) == 0 {
		h.Set("Cache-Control", jwksNoAge)
	}
	s.writeJSON(w, http.StatusOK, set)
}
