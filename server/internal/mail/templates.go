package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

// embedded are the templates that are used where no folder has others.
//
//go:embed templates
var embedded embed.FS

// English has a template of every kind.
const English = "en"

// Templates are the templates of all kinds and locales. They are safe for
// concurrent use.
type Templates struct {
	locales []string // the first is the default
	matcher language.Matcher
	texts   map[string]*texttemplate.Template // by LOCALE/KIND.txt, and LOCALE/KIND.subject
	htmls   map[string]*htmltemplate.Template // by LOCALE/KIND.html
}

// names are those of values in templates.
var names = []string{"user", "owner", "project", "team", "redirect", "otp", "phrase", "agentClient", "agentOs", "agentDevice",
	"dateTime", "device", "ipAddress", "country", "subject", "locale"}

// placeholder is a value as Appwrite's own templates have it.
var placeholder = regexp.MustCompile(`\{\{\s*(` + strings.Join(names, "|") + `)\s*\}\}`)

// shown are the values by their names in templates. What strangers choose is one
// line each.
func (v Values) shown() map[string]any {
	return map[string]any{"user": greeted(v.User), "owner": greeted(v.Owner), "project": line(v.Project, maxName), "team": greeted(v.Team),
		"redirect": v.Redirect, "otp": v.OTP, "phrase": line(v.Phrase, maxName),
		"agentClient": line(v.AgentClient, maxName), "agentOs": line(v.AgentOS, maxName), "agentDevice": line(v.AgentDevice, maxName),
		"dateTime": v.DateTime, "device": line(v.Device, maxName), "ipAddress": v.IPAddress, "country": v.Country, "subject": "", "locale": ""}
}

// Load reads the embedded templates, and those of a folder over them unless it
// is nil. The locale is that of callers who name none that there is.
func Load(folder fs.FS, locale string) (*Templates, error) {
	builtin, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, from := range []fs.FS{builtin, folder} {
		if from == nil {
			continue
		}
		if err := readFiles(from, files); err != nil {
			return nil, err
		}
	}
	t := &Templates{texts: map[string]*texttemplate.Template{}, htmls: map[string]*htmltemplate.Template{}}
	if err := t.parseAll(files); err != nil {
		return nil, err
	}
	if err := t.choose(localesOf(files), locale); err != nil {
		return nil, err
	}
	return t, t.try()
}

// choose settles which locales there are, and which is the default.
func (t *Templates) choose(locales []string, first string) error {
	if !slices.Contains(locales, first) {
		return fmt.Errorf("mail: there are no templates of the locale %q: use one of %s", first, strings.Join(locales, ", "))
	}
	t.locales = append([]string{first}, slices.DeleteFunc(locales, func(l string) bool { return l == first })...)
	tags := make([]language.Tag, len(t.locales))
	for i, l := range t.locales {
		tags[i] = language.Make(l)
	}
	t.matcher = language.NewMatcher(tags)
	return nil
}

// try makes a message of each template, so that what is wrong with one is found
// at the start.
func (t *Templates) try() error {
	sample := Values{User: "Ann", Owner: "Bob", Project: "Shop", Team: "Sales", Redirect: "https://shop.example/x?secret=0&userId=1", OTP: "123456",
		Phrase: "Golden Fox", AgentClient: "Firefox", AgentOS: "Linux", AgentDevice: "desktop",
		DateTime: "2026-08-21 12:00", Device: "Firefox on Linux", IPAddress: "192.0.2.1", Country: "Unknown"}
	for _, values := range []Values{sample, {}} {
		for _, locale := range t.locales {
			for _, kind := range mails {
				if _, err := t.Mail(Mail{Kind: kind, Values: values}, locale); err != nil {
					return err
				}
			}
			for _, kind := range texts {
				if _, err := t.Text(Text{Kind: kind, Values: values}, locale); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// find returns the locale whose template a kind has for a caller of some locale:
// English where there is no other.
func (t *Templates) find(kind Kind, locale string) string {
	_, i, _ := t.matcher.Match(language.Make(locale))
	if t.texts[t.locales[i]+"/"+string(kind)+textSuffix] == nil {
		return English
	}
	return t.locales[i]
}

// Mail makes a mail in the language that is closest to a locale.
func (t *Templates) Mail(m Mail, locale string) (Message, error) {
	locale = t.find(m.Kind, locale)
	key, values := locale+"/"+string(m.Kind), m.Values.shown()
	if t.texts[key+subjectSuffix] == nil {
		return Message{}, fmt.Errorf("mail: there is no mail of the kind %q", m.Kind)
	}
	values["locale"] = locale
	subject, err := execute(t.texts[key+subjectSuffix], values)
	if err != nil {
		return Message{}, err
	}
	to := greeted(m.ToName)
	if m.ToName == m.To { // which is shown in any case
		to = line(m.To, maxName)
	}
	made := Message{ToName: to, Subject: line(subject, maxSubject)}
	values["subject"] = made.Subject
	if made.Text, err = execute(t.texts[key+textSuffix], values); err != nil {
		return Message{}, err
	}
	values["redirect"] = href(m.Values.Redirect)
	var html bytes.Buffer
	if err := t.htmls[key+htmlSuffix].ExecuteTemplate(&html, layoutName, values); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	made.HTML = html.String()
	return made, nil
}

// Text makes a text message in the language that is closest to a locale.
func (t *Templates) Text(m Text, locale string) (Message, error) {
	template := t.texts[t.find(m.Kind, locale)+"/"+string(m.Kind)+textSuffix]
	if template == nil || !slices.Contains(texts, m.Kind) {
		return Message{}, fmt.Errorf("mail: there is no text message of the kind %q", m.Kind)
	}
	text, err := execute(template, m.Values.shown())
	return Message{Text: strings.TrimSpace(text)}, err
}

// execute executes a template of a text.
func execute(t *texttemplate.Template, values map[string]any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, values); err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	return b.String(), nil
}

// href is a link as html/template may take it: links to apps have schemes of
// their own, which it does not know. Those that a reader's program would run are
// left to it, and it does not let them through.
func href(link string) any {
	u, err := url.Parse(link)
	if err != nil || slices.Contains([]string{"", "javascript", "vbscript", "data", "blob", "file"}, u.Scheme) {
		return link
	}
	return htmltemplate.URL(link)
}
