package server

import (
	"maps"
	"net/http"
	"strings"

	"github.com/isojot/isojot/server/internal/reach"
)

// corsFixed are the CORS headers that do not depend on the request (contract
// section 8). The headers of rate limits are exposed beyond Appwrite's two,
// since without them a page cannot see its budget; and Date, by which it tells
// how long a token lives.
var corsFixed = http.Header{
	"Access-Control-Allow-Methods":     {"GET, POST, PUT, PATCH, DELETE"},
	"Access-Control-Allow-Headers":     {corsHeaders},
	"Access-Control-Expose-Headers":    {corsExpose},
	"Access-Control-Allow-Credentials": {"true"},
	"Access-Control-Max-Age":           {"86400"},
}

var (
	corsExpose = strings.Join([]string{"X-Appwrite-Session", headerFallback,
		headerLimit, headerRemaining, headerReset, "Retry-After", "Date"}, ", ")
	corsHeaders = strings.Join([]string{
		"Accept", "Origin", "Cookie", "Set-Cookie", "Content-Type", "Content-Range",
		"X-Appwrite-Project", "X-Appwrite-Key", "X-Appwrite-Dev-Key", "X-Appwrite-Locale", "X-Appwrite-Mode",
		"X-Appwrite-JWT", "X-Appwrite-Organization", "X-Appwrite-Response-Format", "X-Appwrite-Timeout",
		"X-Appwrite-ID", "X-Appwrite-Timestamp", "X-Appwrite-Session", "X-Appwrite-Platform",
		"X-Appwrite-Impersonate-User-Id", "X-Appwrite-Impersonate-User-Email", "X-Appwrite-Impersonate-User-Phone",
		"X-SDK-Version", "X-SDK-Name", "X-SDK-Language", "X-SDK-Platform", "X-SDK-GraphQL", "X-SDK-Profile",
		"Range", "Cache-Control", "Expires", "Pragma", headerFallback, "X-Requested-With",
		"X-Forwarded-For", "X-Forwarded-User-Agent"}, ", ")
)

// hstsMaxAge is how long browsers that came by TLS keep to it: 126 days.
const hstsMaxAge = "max-age=10886400"

// setCORS sets the CORS headers that do not depend on the project. A preflight
// is answered to any origin, since it does not carry the project; the request
// after it is checked.
func (s *Server) setCORS(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	maps.Copy(h, corsFixed)
	if reach.Secure(r) {
		h.Set("Strict-Transport-Security", hstsMaxAge)
	}
	if r.Method == http.MethodOptions {
		reach.Anywhere.Echo(h, r)
	}
}

// allowOrigin lets a page read the answer, if the project allows its host.
func (c *call) allowOrigin() { c.config.origins.Echo(c.w.Header(), c.r) }
