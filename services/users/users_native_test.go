//go:build !js

package users_test

import (
	"errors"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/services/users"
)

// A server manages users by its key, and lets one sign in by a one-time token.
func TestUsers(t *testing.T) {
	const key = "standard_0123456789abcdef0123456789abcdef"
	srv := isojottest.NewServer(t, func(o *server.Options) { o.APIKey = key })
	client, err := isojot.NewClient(srv.URL, srv.Project, isojot.WithKey(key))
	if err != nil {
		t.Fatal(err)
	}
	s := users.New(client)
	ann, err := s.Create(t.Context(), users.Create{Email: "ann@example.com", Password: "correct horse", Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	if ann.ID == "" || ann.Email != "ann@example.com" || !ann.Status || ann.Registration.IsZero() {
		t.Errorf("%+v", ann)
	}
	prefs, err := s.UpdatePrefs(t.Context(), users.UpdatePrefs{UserID: ann.ID, Prefs: isojot.Prefs{"theme": "dark"}})
	if err != nil || prefs["theme"] != "dark" {
		t.Errorf("%v, %v", prefs, err)
	}
	list, err := s.List(t.Context(), users.List{Search: "ann"})
	if err != nil || list.Total != 1 || list.Users[0].ID != ann.ID || list.Users[0].Prefs["theme"] != "dark" {
		t.Errorf("%+v, %v", list, err)
	}
	token, err := s.CreateToken(t.Context(), users.CreateToken{UserID: ann.ID, Length: 8, Expire: 60})
	if err != nil || len(token.Secret) != 8 || token.Expire.IsZero() {
		t.Fatalf("%+v, %v", token, err)
	}
	guest, err := client.With(isojot.WithKey(""))
	if err != nil {
		t.Fatal(err)
	}
	session, err := guest.Account.CreateSession(t.Context(), isojot.CreateSession{UserID: ann.ID, Secret: token.Secret})
	if err != nil || session.Secret == "" {
		t.Fatalf("%+v, %v", session, err)
	}
	sessions, err := s.ListSessions(t.Context(), users.ListSessions{UserID: ann.ID})
	if err != nil || sessions.Total != 1 || sessions.Sessions[0].ID != session.ID {
		t.Errorf("%+v, %v", sessions, err)
	}
	if _, err := s.UpdateStatus(t.Context(), users.UpdateStatus{UserID: ann.ID, Status: false}); err != nil {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), ann.ID); err != nil {
		t.Error(err)
	}
	_, err = s.Get(t.Context(), ann.ID)
	if e, ok := errors.AsType[*isojot.Error](err); !ok || e.Type != isojot.ErrUserNotFound || e.Operation != "users.get" {
		t.Errorf("%v", err)
	}
}
