package replay

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"github.com/isojot/isojot/server"
)

// The recorded server was its own provider of OAuth2, at a path that browsers
// only are sent to.
const providerPage = "http://localhost/v1/mock/tests/general/oauth2"

// providerUsers are whom the providers know, by their name.
var providerUsers = map[string]map[string]any{
	"mock":            {"id": 1, "name": "User Name", "email": "useroauth@localhost.test", "verified": true},
	"mock-unverified": {"id": 2, "name": "User Name Unverified", "email": "useroauthunverified@localhost.test", "verified": false},
}

// provide lets users sign in at a provider of that name, as the recorded server's
// own one did: every sign-in is of one user, with one code and one token.
func (w *world) provide(p *server.Project, s settings) {
	if w.provider == nil {
		mux := http.NewServeMux()
		mux.HandleFunc("/{provider}/{what}", answerProvider)
		w.provider = httptest.NewServer(mux)
	}
	p.OAuth2 = append(p.OAuth2, server.OAuth2Provider{
		Name: s.Provider, ClientID: s.AppID, ClientSecret: s.Secret, Scopes: []string{"email"}, AuthURL: providerPage,
		TokenURL: w.provider.URL + "/" + s.Provider + "/token", UserURL: w.provider.URL + "/" + s.Provider + "/user",
	})
}

// answerProvider trades codes for tokens and says who the user is.
func answerProvider(w http.ResponseWriter, r *http.Request) {
	status, body := http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "Invalid token"}
	switch name := r.PathValue("provider"); {
	case r.Method == http.MethodPost && (r.PostFormValue("code") == "abcdef" || r.PostFormValue("refresh_token") == "tuvwxyz"):
		status, body = http.StatusOK, map[string]any{"access_token": "123456", "refresh_token": "tuvwxyz", "expires_in": 14400, "token_type": "Bearer"}
	case r.Method == http.MethodGet && r.Header.Get("Authorization") == "Bearer 123456":
		status, body = http.StatusOK, providerUsers[name]
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asks notices
}
