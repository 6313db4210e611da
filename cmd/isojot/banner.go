package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server"
)

// printBanner writes what one needs to use the server: where it is, for which
// project, what limits it, where the data is and who may call.
func printBanner(w io.Writer, h *host, o server.Options) error {
	info := h.auth.Info()
	lines := [][2]string{
		{"endpoint", h.endpoint()},
		{"page", h.url + "/"},
		{"project", strings.Join(info.Projects, ", ")},
		{"limits", info.Limits},
		{"data", info.Data},
		{"origins", strings.Join(info.AllowedOrigins, ", ")},
	}
	if info.APIKey {
		lines = append(lines, [2]string{"api key", "the one that was given, all scopes"})
	}
	switch {
	case o.Memory:
		lines[4][1] = "memory (lost at exit)"
	case info.NewData:
		lines[4][1] += " (new)"
	}
	lines = append(lines, functionLines(info)...)
	lines = append(lines, mailLines(info, h.url)...)
	lines = append(lines, providerLines(o, h.endpoint())...)
	if o.Dev != nil {
		lines = append(lines, [2]string{"clock", h.url + "/_isojot/clock"}, [2]string{"token", o.Dev.Token})
	}
	if !info.Page {
		lines[1][1] = "none"
		lines = append(lines, [2]string{"warning", noPageHint})
	}
	for _, text := range warnings(h, o) {
		lines = append(lines, [2]string{"warning", text})
	}
	return writeLines(w, lines)
}

// providerLines are the providers that users sign in at, each with what it has to be
// told: where it sends browsers back, at the address that they know the server by.
func providerLines(o server.Options, endpoint string) (lines [][2]string) {
	for _, p := range o.Projects {
		for _, provider := range p.OAuth2 {
			lines = append(lines, [2]string{"oauth", fmt.Sprintf("%s, back to %s/account/sessions/oauth2/callback/%s/%s", provider.Name, endpoint, provider.Name, p.ID)})
		}
	}
	return lines
}

// warnings are what somebody who starts the server may not have meant.
func warnings(h *host, o server.Options) []string {
	all := slices.Concat(folderWarnings(h.auth.Info(), o.Projects), originWarnings(o), h.auth.Info().Unencrypted, h.exposed)
	if !h.loopback() {
		all = append(all, "other machines can call, by plain HTTP: put a proxy with TLS in front")
	}
	return all
}

// originWarnings are about the entries of --allow-origin that let every page in.
func originWarnings(o server.Options) (all []string) {
	warn := func(origins []string, prefix string) {
		for _, origin := range origins {
			if strings.TrimSpace(origin) == anyOrigin {
				all = append(all, "--allow-origin "+prefix+anyOrigin+": every site can act for the users who are signed in: name your own, as in https://app.example.com or *.example.com")
				return
			}
		}
	}
	warn(o.AllowOrigins, "")
	for _, p := range o.Projects {
		warn(p.AllowOrigins, p.ID+"=")
	}
	return all
}

func writeLines(w io.Writer, lines [][2]string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "isojot %s, Appwrite-compatible, not affiliated with Appwrite\n\n", isojot.Version)
	for _, line := range lines {
		fmt.Fprintf(&text, "  %-9s %s\n", line[0], line[1])
	}
	text.WriteString("\n")
	_, err := io.WriteString(w, text.String())
	return err
}
