package server

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Each setting is read back as it was set, and changes something.
func TestSettingsAreReadBack(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"name": "My app", "disabled-methods": "anonymous,jwt", "disabled-services": "graphql", "max-users": "7", "max-sessions": "-1",
		"session-duration": "1h0m0s", "keep-sessions": "true", "session-alerts": "true", "password-min": "12", "password-needs": "number,symbol",
		"password-dictionary": "true", "password-personal-data": "true", "password-history": "5", "membership-privacy": "userEmail,userName",
		"mock-numbers": "+14155550100=123456,+14155550101=000000",
	}
	for _, s := range Settings() {
		value, ok := values[s.Name]
		if !ok {
			t.Errorf("%s is not tested", s.Name)
			continue
		}
		var p Project
		if err := p.Set(s.Name, value); err != nil || p.Get(s.Name) != value || reflect.DeepEqual(p, Project{}) {
			t.Errorf("Set(%s, %s) = %v; Get = %q", s.Name, value, err, p.Get(s.Name))
		}
		var fresh, again Project
		if err := again.Set(s.Name, fresh.Get(s.Name)); err != nil || !reflect.DeepEqual(fresh, again) {
			t.Errorf("%s: what a new project has, %q, is set to %+v, %v", s.Name, fresh.Get(s.Name), again, err)
		}
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"nosuch=1": `there is no setting "nosuch": use some of name, `, "max-users=many": `"many" is no whole number`, "max-users=-1": "use 0 for no limit",
		"keep-sessions=yes": `"yes" is not true or false`, "disabled-methods=telepathy": `no way of signing in "telepathy"`,
		"session-duration=1s": "use 1m0s to 8760h0m0s", "password-history=21": "use 0 for none, to 20", "password-needs=umlaut": `"umlaut" is none of lowercase, number, symbol, uppercase`,
		"password-min=7": "use 8 to 256", "mock-numbers=+14155550100": `has no code`, "mock-numbers=+14155550100=1": "not six digits",
	} {
		name, value, _ := strings.Cut(setting, "=")
		var p Project
		if err := p.Set(name, value); err == nil || !strings.Contains(err.Error(), want) || !reflect.DeepEqual(p, Project{}) {
			t.Errorf("Set(%s) = %v, want %q; the project is %+v", setting, err, want, p)
		}
	}
}

// What is stored goes before what the server was told, while it runs and at its
// next start.
func TestStoredSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told := func(o *Options) {
		o.Memory, o.DataDir = false, filepath.Join(dir, "data")
		o.Projects = []Project{{ID: DefaultProject, Rules: Rules{MaxUsers: 1, SessionDuration: time.Hour}}}
		withKey(o)
	}
	f := newFixture(t, told)
	keys := f.openKeyring()
	f.signUp("ann")
	refused := scenario{status: 400, kind: "user_count_exceeded"}
	refused.check(t, f.do("POST", "/v1/account", nil, signUpBody(nil)))
	if err := keys.SetSetting(t.Context(), DefaultProject, "max-users", "2"); err != nil {
		t.Fatal(err)
	}
	if err := f.refreshSettings(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.must(201, "POST", "/v1/account", nil, signUpBody(nil))
	f.signIn("ann")
	if got := f.config(DefaultProject).rules; got.MaxUsers != 2 || got.SessionDuration != time.Hour {
		t.Errorf("the rules are %+v, want 2 users, and sessions of an hour as told", got)
	}
	// A project that the server is told about anew.
	if err := f.SetProject(t.Context(), Project{ID: DefaultProject, APIKey: testKey, Rules: Rules{MaxUsers: 9}}); err != nil {
		t.Fatal(err)
	}
	if got := f.config(DefaultProject).rules.MaxUsers; got != 2 {
		t.Errorf("after SetProject there may be %d users, want 2", got)
	}
	if err := keys.UnsetSetting(t.Context(), DefaultProject, "max-users"); err != nil {
		t.Fatal(err)
	}
	if err := f.refreshSettings(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := f.config(DefaultProject).rules.MaxUsers; got != 9 {
		t.Errorf("without the stored setting there may be %d users, want 9", got)
	}
	if err := keys.UnsetSetting(t.Context(), DefaultProject, "max-users"); err != ErrNoSetting {
		t.Errorf("unset again = %v, want ErrNoSetting", err)
	}
	if err := keys.SetSetting(t.Context(), "nosuch", "max-users", "2"); err != ErrNoProject {
		t.Errorf("set of an unknown project = %v, want ErrNoProject", err)
	}
	if err := keys.SetSetting(t.Context(), DefaultProject, "max-users", "x"); err == nil {
		t.Error("set to no number = nil, want an error")
	}
}
