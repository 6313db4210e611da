package server

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/server/internal/projects"
	"github.com/isojot/isojot/server/internal/wire"
)

// oauth2Error is how a page is told of an error, by the parameter error.
type oauth2Error struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	Code    int    `json:"code"`
}

// endAt sends the browser to where a sign-in ends that failed, and tells why.
func (c *call) endAt(failure string, err error) error {
	refusal := c.s.refusal(err)
	c.logRefusal(refusal)
	var text bytes.Buffer
	if err := newEncoder(&text).Encode(oauth2Error{refusal.Message, string(refusal.Kind), refusal.Status()}); err != nil {
		return err
	}
	c.sendTo(endOfFlow(linkTo(failure, linkParam{"error", string(bytes.TrimSpace(text.Bytes()))})))
	return nil
}

// endOfFlow is a URL with a fragment, if only an empty one: without, browsers keep
// that of the page before.
func endOfFlow(location string) string {
	u, err := url.Parse(location)
	if err == nil && u.Fragment == "" && location[len(location)-1] != '#' {
		return location + "#"
	}
	return location
}

// pages are the pages for people whom a browser brought here.
var pages = template.Must(template.New("").Parse(`{{define "page"}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
{{- with .App}}
<meta http-equiv="refresh" content="0;url={{.}}">
{{- end}}
<style>body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:34rem;padding:0 1rem;color:#1a1a1a;background:#fff}h1{font-size:1.25rem}
small{color:#666}label{display:block;margin:.75rem 0}input:not([type=checkbox]){font:inherit;width:100%;box-sizing:border-box;padding:.4rem}
button{font:inherit;padding:.4rem 1rem}@media(prefers-color-scheme:dark){body{color:#eee;background:#111}}</style>
</head>
<body>{{end}}
{{define "error"}}{{template "page" .}}
<small>Error {{.Code}}</small>
<h1>{{.Message}}</h1>
<small>{{.Type}}</small>
</body></html>
{{end}}
{{define "end"}}{{template "page" .}}
<h1>{{.Message}}</h1>
<p>{{if .App}}<a href="{{.App}}">Go back to the app</a>, or close this page.{{else}}You can close this page.{{end}}</p>
</body></html>
{{end}}`))

// pageValues are what a page shows.
type pageValues struct {
	Title, Message, Type string
	Code                 int
	// App is a link to the app that waits.
	App template.URL
}

// writeErrorPage answers with an error as a page.
func (c *call) writeErrorPage(err error) {
	title := "Appwrite"
	switch {
	case c.unknownProject:
		title = ""
	case c.project != nil && c.config != nil:
		title = cmp.Or(c.config.name, c.project.ID)
	}
	c.s.writeErrorPage(c.w, title, err)
}

func (s *Server) writeErrorPage(w http.ResponseWriter, title string, err error) {
	refusal := s.refusal(err)
	if m, ok := w.(holder); ok {
		m.give(m.held())
	}
	h := w.Header()
	if refusal.Status() == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryBusy)
	}
	h.Set("Cache-Control", "no-cache, no-store, must-revalidate")
	h.Set("Expires", "0")
	h.Set("Pragma", "no-cache")
	s.writePage(w, refusal.Status(), "error", "default-src 'none'; style-src 'unsafe-inline'",
		pageValues{Title: title + " - Error", Message: refusal.Message, Type: string(refusal.Kind), Code: refusal.Status()})
}

// writePage answers with one of the pages. What it holds is for one reader alone.
func (s *Server) writePage(w http.ResponseWriter, status int, name, policy string, values any) {
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, name, values); err != nil {
		s.notEncoded(w, err)
		return
	}
	h := w.Header()
	if h.Get("Cache-Control") == "" {
		h["Cache-Control"] = noStore
	}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	h.Set("Content-Security-Policy", policy+"; base-uri 'none'; frame-ancestors 'none'")
	if h.Get("Referrer-Policy") == "" {
		h.Set("Referrer-Policy", "no-referrer")
	}
	s.write(w, status, text.Bytes())
}

// serveEndOfFlow answers the pages where a sign-in ends whose app names none. Apps
// that wait for it register a scheme for their project.
func (s *Server) serveEndOfFlow(w http.ResponseWriter, r *http.Request) {
	values := pageValues{Title: "Signed in", Message: "You are signed in."}
	if r.URL.Path == oauth2Failure {
		values = pageValues{Title: "Not signed in", Message: "You are not signed in."}
		var failed oauth2Error
		// Of what the URL says the type alone: it may come from anybody.
		if json.Unmarshal([]byte(r.URL.Query().Get("error")), &failed) == nil {
			values.Message = cmp.Or(wire.Message(isojot.ErrorType(failed.Type)), values.Message)
		}
	}
	if project := r.URL.Query().Get("project"); projects.ValidID(project) {
		values.App = template.URL("appwrite-callback-" + project + "://?" + r.URL.Query().Encode())
	}
	s.writePage(w, http.StatusOK, "end", "default-src 'none'; style-src 'unsafe-inline'", values)
}
