package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// oauthFlags are the flags that declare providers of OAuth 2; serve and exec share
// them. Secrets are no flags: every program can read a command line.
func oauthFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "oauth", Sources: cli.EnvVars("ISOJOT_OAUTH"),
			Usage: "`NAME=CLIENT_ID` of a provider that users sign in at, such as google or github; PROJECT/NAME=CLIENT_ID is one of that project. " +
				"Its secret is in ISOJOT_OAUTH_NAME_SECRET, or in the file that ISOJOT_OAUTH_NAME_SECRET_FILE names (repeatable; comma-separated in the variable)",
		},
		&cli.StringSliceFlag{
			Name: "oauth-issuer", Sources: cli.EnvVars("ISOJOT_OAUTH_ISSUER"),
			Usage: "`NAME=URL` of the issuer of a provider of OpenID Connect, as PROJECT/NAME=URL for that project (repeatable; comma-separated in the variable)",
		},
		&cli.StringFlag{
			Name: "oauth-file", Sources: cli.EnvVars("ISOJOT_OAUTH_FILE"),
			Usage: "`FILE` of further providers, as JSON (docs/oauth2.md)",
		},
	}
}

// readOAuth adds the providers of the flags to their projects.
func readOAuth(c *cli.Command, projects []server.Project) error {
	if path := c.String("oauth-file"); path != "" {
		if err := readOAuthFile(path, projects); err != nil {
			return fmt.Errorf("--oauth-file: %w", err)
		}
	}
	for _, entry := range c.StringSlice("oauth") {
		if err := addProvider(projects, entry, c.StringSlice("oauth-issuer")); err != nil {
			return fmt.Errorf("--oauth %s: %w", entry, err)
		}
	}
	for _, entry := range c.StringSlice("oauth-issuer") {
		if err := issuerIsUsed(projects, entry); err != nil {
			return fmt.Errorf("--oauth-issuer %s: %w", entry, err)
		}
	}
	return nil
}

// named splits [PROJECT/]NAME=VALUE. Without a project it is the first one.
func named(projects []server.Project, entry string) (project *server.Project, name, value string, err error) {
	name, value, ok := strings.Cut(entry, "=")
	if !ok || name == "" || value == "" {
		return nil, "", "", errors.New("use NAME=VALUE or PROJECT/NAME=VALUE")
	}
	id, rest, ok := strings.Cut(name, "/")
	if !ok {
		return &projects[0], name, value, nil
	}
	i := slices.IndexFunc(projects, func(p server.Project) bool { return p.ID == id })
	if i < 0 {
		return nil, "", "", fmt.Errorf("there is no --project %s", id)
	}
	return &projects[i], rest, value, nil
}

// addProvider adds the provider of an entry of --oauth.
func addProvider(projects []server.Project, entry string, issuers []string) error {
	project, name, client, err := named(projects, entry)
	if err != nil {
		return err
	}
	provider := server.OAuth2Provider{Name: name, ClientID: client}
	for _, issuer := range issuers {
		if of, its, url, err := named(projects, issuer); err == nil && of == project && its == name {
			provider.Issuer = url
		}
	}
	if provider.ClientSecret, err = oauthSecret(project.ID, name); err != nil {
		return err
	}
	project.OAuth2 = append(project.OAuth2, provider)
	return nil
}

// issuerIsUsed refuses issuers of providers that are not there.
func issuerIsUsed(projects []server.Project, entry string) error {
	project, name, _, err := named(projects, entry)
	if err == nil && !slices.ContainsFunc(project.OAuth2, func(p server.OAuth2Provider) bool { return p.Name == name }) {
		err = fmt.Errorf("there is no --oauth for the provider %s of project %s", name, project.ID)
	}
	return err
}

// oauthSecret is the secret of a provider, of the variable for the project's, else
// of that for all.
func oauthSecret(project, name string) (string, error) {
	variable := func(parts ...string) string {
		part := strings.NewReplacer("-", "_", ".", "_")
		return "ISOJOT_OAUTH_" + strings.ToUpper(part.Replace(strings.Join(parts, "_"))) + "_SECRET"
	}
	for _, v := range []string{variable(project, name), variable(name)} {
		if secret := os.Getenv(v); secret != "" {
			return secret, nil
		}
		if path := os.Getenv(v + "_FILE"); path != "" {
			secret, err := secretIn(path)
			if err != nil {
				return "", fmt.Errorf("%s_FILE: %w", v, err)
			}
			return secret, nil
		}
	}
	return "", fmt.Errorf("there is no secret: set %[1]s, or %[1]s_FILE to a file that has it; a provider without one is for --oauth-file", variable(name))
}

// secretIn is the secret that a file has.
func secretIn(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("the file %s is empty", path)
	}
	return secret, nil
}

// oauthEntry is a provider in the file.
type oauthEntry struct {
	Name             string   `json:"name"`
	Kind             string   `json:"kind"`
	Title            string   `json:"title"`
	ClientID         string   `json:"clientId"`
	ClientSecret     string   `json:"clientSecret"`
	ClientSecretFile string   `json:"clientSecretFile"`
	TeamID           string   `json:"teamId"`
	KeyID            string   `json:"keyId"`
	Issuer           string   `json:"issuer"`
	AuthURL          string   `json:"authUrl"`
	TokenURL         string   `json:"tokenUrl"`
	UserURL          string   `json:"userUrl"`
	Scopes           []string `json:"scopes"`
	TrustEmail       bool     `json:"trustEmail"`
}

// readOAuthFile adds the providers of a file: lists, by the ids of their projects.
func readOAuthFile(path string, projects []server.Project) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var all map[string][]oauthEntry
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&all); err != nil || dec.More() {
		return fmt.Errorf(`%s is not as {"PROJECT":[{"name":"google","clientId":"..."}]}: %w`, path, err)
	}
	for id, entries := range all {
		i := slices.IndexFunc(projects, func(p server.Project) bool { return p.ID == id })
		if i < 0 {
			return fmt.Errorf("%s: there is no --project %s", path, id)
		}
		for _, e := range entries {
			provider, err := e.provider(path)
			if err != nil {
				return fmt.Errorf("%s: the provider %q of project %s: %w", path, e.Name, id, err)
			}
			projects[i].OAuth2 = append(projects[i].OAuth2, provider)
		}
	}
	return nil
}

// provider is the provider of an entry, with its secret.
func (e oauthEntry) provider(path string) (server.OAuth2Provider, error) {
	p := server.OAuth2Provider{
		Name: e.Name, Kind: e.Kind, Title: e.Title, ClientID: e.ClientID, ClientSecret: e.ClientSecret, TeamID: e.TeamID, KeyID: e.KeyID,
		Issuer: e.Issuer, AuthURL: e.AuthURL, TokenURL: e.TokenURL, UserURL: e.UserURL, Scopes: e.Scopes, TrustEmail: e.TrustEmail,
	}
	switch {
	case e.ClientSecret != "" && e.ClientSecretFile != "":
		return p, errors.New("clientSecret and clientSecretFile exclude each other: leave out one")
	case e.ClientSecret != "":
		return p, onlyOwnerReads(path)
	case e.ClientSecretFile != "":
		var err error
		p.ClientSecret, err = secretIn(e.ClientSecretFile)
		return p, err
	}
	return p, nil
}

// onlyOwnerReads refuses a file with a secret that others can read.
func onlyOwnerReads(path string) error {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("the file has a secret, and others can read it: chmod 600 %s, or use clientSecretFile", path)
	}
	return err
}
