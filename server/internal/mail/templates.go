package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

// embedded are the templates that are used where no folder has others:
// LOCALE/KIND.txt, whose first line is "Subject: ..." for mails, and
// LOCALE/KIND.html, which layout.html frames.
//
//go:embed templates
var embedded embed.FS

// Mails and Texts are all kinds.
var (
	mails = []Kind{Verification, Recovery, MagicSession, OTPSession, MFAChallenge, SessionAlert, Invitation}
	texts = []Kind{TextLogin, TextVerification, TextMFA, TextInvitation}
)

const (
	// English has a template of every kind.
	English = "en"

	layoutName    = "layout.html"
	subjectPrefix = "Subject: "
)

// Templates are the templates of all kinds and locales. They are safe for
// concurrent use.
type Templates struct {
	locales []string // the first is the server's default
	matcher language.Matcher
	texts   map[string]*texttemplate.Template // LOCALE/KIND and LOCALE/KIND.subject
	htmls   map[string]*htmltemplate.Template // LOCALE/KIND
}

// placeholder is what Appwrite's own templates have for a value.
var placeholder = regexp.MustCompile(`\{\{\s*(` + strings.Join(names, "|") + `)\s*\}\}`)

// names are those of Values in templates.
var names = []string{"user", "owner", "project", "team", "redirect", "otp", "phrase", "agentClient", "agentOs", "agentDevice",
	"dateTime", "device", "ipAddress", "country", "subject", "locale"}

// shown are the values by their names in templates.
func (v Values) shown() map[string]any {
	return map[string]any{"user": v.User, "owner": v.Owner, "project": v.Project, "team": v.Team, "redirect": v.Redirect, "otp": v.OTP,
		"phrase": v.Phrase, "agentClient": v.AgentClient, "agentOs": v.AgentOS, "agentDevice": v.AgentDevice,
		"dateTime": v.DateTime, "device": v.Device, "ipAddress": v.IPAddress, "country": v.Country, "subject": "", "locale": ""}
}

// Load reads the embedded templates, those of the folder before them unless it
// is nil. The locale is that of callers who name none that is known.
func Load(folder fs.FS, locale string) (*Templates, error) {
	builtin, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, err
	}
	t := &Templates{texts: map[string]*texttemplate.Template{}, htmls: map[string]*htmltemplate.Template{}}
	layers := []fs.FS{builtin}
	if folder != nil {
		layers = append(layers, folder)
	}
	layout := ""
	for _, layer := range layers {
		if text, err := fs.ReadFile(layer, layoutName); err == nil {
			layout = string(text)
		}
	}
	for _, layer := range layers {
		if err := t.read(layer, layout); err != nil {
			return nil, err
		}
	}
	return t, t.choose(locale)
}

// choose settles which locale is the default.
func (t *Templates) choose(locale string) error {
	slices.Sort(t.locales)
	t.locales = slices.Compact(t.locales)
	if !slices.Contains(t.locales, locale) {
		return fmt.Errorf("mail: there are no templates for the locale %q: use one of %s", locale, strings.Join(t.locales, ", "))
	}
	t.locales = slices.Insert(slices.DeleteFunc(t.locales, func(l string) bool { return l == locale }), 0, locale)
	tags := make([]language.Tag, len(t.locales))
	for i, l := range t.locales {
		tags[i] = language.Make(l)
	}
	t.matcher = language.NewMatcher(tags)
	return nil
}

// read reads the templates of a folder.
func (t *Templates) read(folder fs.FS, layout string) error {
	files, err := fs.Glob(folder, "*/*")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			return err
		}
		locale, name := path.Split(file)
		locale = strings.TrimSuffix(locale, "/")
		t.locales = append(t.locales, locale)
		if err := t.parse(locale, name, placeholder.ReplaceAllString(string(text), "{{.$1}}"), layout); err != nil {
			return fmt.Errorf("mail: the template %s: %w", file, err)
		}
	}
	return nil
}

// parse parses a template.
func (t *Templates) parse(locale, name, text, layout string) (err error) {
	kind, isHTML := strings.CutSuffix(name, ".html")
	if isHTML {
		framed := htmltemplate.New("layout").Option("missingkey=error")
		if framed, err = framed.Parse(placeholder.ReplaceAllString(layout, "{{.$1}}")); err == nil {
			_, err = framed.New("content").Parse(text)
		}
		t.htmls[locale+"/"+kind] = framed
		return err
	}
	kind = strings.TrimSuffix(name, ".txt")
	key := locale + "/" + kind
	if slices.Contains(mails, Kind(kind)) {
		subject, body, _ := strings.Cut(text, "\n")
		subject, found := strings.CutPrefix(subject, subjectPrefix)
		if !found {
			return fmt.Errorf("its first line must be %q and the subject", subjectPrefix)
		}
		if t.texts[key+".subject"], err = texttemplate.New(name).Option("missingkey=error").Parse(subject); err != nil {
			return err
		}
		text = strings.TrimLeft(body, "\n")
	}
	t.texts[key], err = texttemplate.New(name).Option("missingkey=error").Parse(text)
	return err
}

// find returns the locale whose templates a kind has for a caller of some
// locale: English where there are no others.
func (t *Templates) find(kind Kind, locale string) string {
	_, i, _ := t.matcher.Match(language.Make(locale))
	if t.texts[t.locales[i]+"/"+string(kind)] == nil {
		return English
	}
	return t.locales[i]
}

// Mail makes a mail in the language that is closest to a locale.
func (t *Templates) Mail(m Mail, locale string) (Message, error) {
	locale = t.find(m.Kind, locale)
	key, values := locale+"/"+string(m.Kind), m.Values.shown()
	values["locale"] = locale
	subject, err := execute(t.texts[key+".subject"], values)
	if err != nil {
		return Message{}, err
	}
	values["subject"] = subject
	made := Message{ToName: m.ToName, Subject: subject}
	if made.Text, err = execute(t.texts[key], values); err != nil {
		return Message{}, err
	}
	var html bytes.Buffer
	values["redirect"] = htmltemplate.URL(m.Values.Redirect)
	err = t.htmls[key].ExecuteTemplate(&html, "layout", values)
	made.HTML = html.String()
	return made, err
}

// Text makes a text message.
func (t *Templates) Text(m Text, locale string) (Message, error) {
	text, err := execute(t.texts[t.find(m.Kind, locale)+"/"+string(m.Kind)], m.Values.shown())
	return Message{Text: strings.TrimSpace(text)}, err
}

// execute executes a template.
func execute(t *texttemplate.Template, values map[string]any) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, values)
	return b.String(), err
}
