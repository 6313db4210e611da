package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// oauthSettings are the projects of a command line.
func oauthSettings(t *testing.T, args ...string) ([]server.Project, error) {
	t.Helper()
	var projects []server.Project
	var err error
	command := &cli.Command{Name: "serve", Flags: append(oauthFlags("ISOJOT_"), projectFlag()), Action: func(_ context.Context, c *cli.Command) error {
		if projects, err = readProjects(c.StringSlice("project"), nil, nil); err == nil {
			err = readOAuth(c, projects)
		}
		return nil
	}}
	if runErr := command.Run(t.Context(), append([]string{"serve", "--project", "one", "--project", "two"}, args...)); runErr != nil {
		t.Fatal(runErr)
	}
	return projects, err
}

func TestOAuthFlags(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Setenv("ISOJOT_OAUTH_GOOGLE_SECRET", "g")
	t.Setenv("ISOJOT_OAUTH_TWO_GOOGLE_SECRET", "g2")
	t.Setenv("ISOJOT_OAUTH_MY_CORP_SECRET_FILE", write("secret", "c\n", 0o600))
	file := write("providers.json", `{"two":[{"name":"apple","clientId":"com.example","clientSecretFile":"`+filepath.ToSlash(filepath.Join(dir, "secret"))+`","teamId":"T","keyId":"K"},
		{"name":"mock","clientId":"1","clientSecret":"123456","authUrl":"https://a.example/a","tokenUrl":"https://a.example/t","userUrl":"https://a.example/u","scopes":["email"],"trustEmail":true}]}`, 0o600)
	projects, err := oauthSettings(t, "--oauth", "google=id", "--oauth", "two/google=id2", "--oauth", "my-corp=corp", "--oauth-issuer", "my-corp=https://id.example.com", "--oauth-file", file)
	if err != nil {
		t.Fatal(err)
	}
	one, two := projects[0].OAuth2, projects[1].OAuth2
	if len(one) != 2 || one[0].ClientID != "id" || one[0].ClientSecret != "g" || one[1].Name != "my-corp" || one[1].Issuer != "https://id.example.com" || one[1].ClientSecret != "c" {
		t.Errorf("the first project has %d", len(one))
	}
	if len(two) != 3 || two[0].TeamID != "T" || two[0].ClientSecret != "c" || !two[1].TrustEmail || two[1].TokenURL != "https://a.example/t" || two[2].ClientSecret != "g2" {
		t.Errorf("the second project has %d", len(two))
	}
	open := write("open.json", `{"one":[{"name":"mock","clientId":"1","clientSecret":"x"}]}`, 0o644)
	for want, args := range map[string][]string{
		"there is no --project three":                {"--oauth", "three/google=id"},
		"NAME=VALUE":                                 {"--oauth", "google"},
		"set ISOJOT_OAUTH_GITHUB_SECRET, or":         {"--oauth", "github=id"},
		"there is no --oauth for the provider other": {"--oauth-issuer", "other=https://id.example.com"},
		"others can read it":                         {"--oauth-file", open},
		"no such file":                               {"--oauth-file", filepath.Join(dir, "nosuch")},
		"is not as":                                  {"--oauth-file", write("bad.json", `{"one":[{"name":"mock","secret":"x"}]}`, 0o600)},
		"there is no --project four":                 {"--oauth-file", write("four.json", `{"four":[]}`, 0o600)},
		"exclude each other":                         {"--oauth-file", write("both.json", `{"one":[{"name":"mock","clientSecret":"x","clientSecretFile":"y"}]}`, 0o600)},
	} {
		if _, err := oauthSettings(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}

// The start says what a provider has to be told.
func TestProviderLines(t *testing.T) {
	t.Parallel()
	o := server.Options{Projects: []server.Project{{ID: "demo", OAuth2: []server.OAuth2Provider{{Name: "google", ClientSecret: "hidden"}}}, {ID: "other"}}}
	lines := providerLines(o, "http://127.0.0.1:7519/v1")
	if want := "google, back to http://127.0.0.1:7519/v1/account/sessions/oauth2/callback/google/demo"; len(lines) != 1 || lines[0] != [2]string{"oauth", want} {
		t.Errorf("the lines are %q, want one, %q", lines, want)
	}
}
