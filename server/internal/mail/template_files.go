package mail

import (
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

// The files of templates: LOCALE/KIND.txt, which of a mail begins with a line
// "Subject: ...", LOCALE/KIND.html of mails, and layout.html, which frames them.
const (
	textSuffix    = ".txt"
	htmlSuffix    = ".html"
	subjectSuffix = ".subject"
	layoutName    = "layout" + htmlSuffix
	contentName   = "content" // what layout.html has in its frame
	subjectPrefix = "Subject: "

	maxTemplate = 256 << 10 // bytes
)

// All kinds.
var (
	mails = []Kind{Verification, Recovery, MagicSession, OTPSession, MFAChallenge, SessionAlert, Invitation}
	texts = []Kind{TextLogin, TextVerification, TextMFA, TextInvitation}
)

// readFiles adds the templates of a folder to files, by their paths.
func readFiles(folder fs.FS, files map[string]string) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if hidden := strings.HasPrefix(path.Base(name), ".") && name != "."; err != nil || entry.IsDir() || hidden {
			if hidden && entry.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if err := checkName(name); err != nil {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err == nil && len(text) > maxTemplate {
			err = fmt.Errorf("mail: the template %s has %d bytes: use at most %d", name, len(text), maxTemplate)
		}
		files[name] = placeholder.ReplaceAllString(string(text), "{{.$1}}")
		return err
	})
}

// checkName refuses what no message is made of, which may be meant as something
// else.
func checkName(name string) error {
	if name == layoutName {
		return nil
	}
	locale, file := path.Split(name)
	locale = strings.TrimSuffix(locale, "/")
	suffix := path.Ext(file)
	kind := Kind(strings.TrimSuffix(file, suffix))
	isMail, isText := slices.Contains(mails, kind), slices.Contains(texts, kind)
	switch {
	case !isMail && !isText, suffix != textSuffix && suffix != htmlSuffix, isText && suffix == htmlSuffix:
		return fmt.Errorf("mail: %s is no template: there are %s, LOCALE/KIND.txt and .html of the mails %v, and LOCALE/KIND.txt of the text messages %v", name, layoutName, mails, texts)
	}
	if _, err := language.Parse(locale); err != nil || locale != strings.ToLower(locale) {
		return fmt.Errorf("mail: the folder %q of templates names no locale in small letters, such as en or pt-br", locale)
	}
	return nil
}

// localesOf are the locales of files.
func localesOf(files map[string]string) (locales []string) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if locale, _, ok := strings.Cut(name, "/"); ok && !slices.Contains(locales, locale) {
			locales = append(locales, locale)
		}
	}
	return locales
}

// parseAll parses all templates. A mail has both of its files, or none.
func (t *Templates) parseAll(files map[string]string) error {
	for name, text := range files {
		key, isText := strings.CutSuffix(name, textSuffix)
		other := key + htmlSuffix
		if !isText {
			key = strings.TrimSuffix(name, htmlSuffix)
			other = key + textSuffix
		}
		isMail := slices.Contains(mails, Kind(path.Base(key)))
		if _, both := files[other]; isMail && !both {
			return fmt.Errorf("mail: there is a template %s without %s", name, other)
		}
		var err error
		switch {
		case name == layoutName: // is parsed with each that it frames
		case isText:
			err = t.parseText(name, text, isMail)
		default:
			err = t.parseHTML(name, text, files[layoutName])
		}
		if err != nil {
			return fmt.Errorf("mail: the template %s: %w", name, err)
		}
	}
	return nil
}

// parseText parses a text, and its subject.
func (t *Templates) parseText(name, text string, isMail bool) (err error) {
	if isMail {
		first, rest, _ := strings.Cut(text, "\n")
		subject, found := strings.CutPrefix(strings.TrimSuffix(first, "\r"), subjectPrefix)
		if !found {
			return fmt.Errorf("its first line is not %q and the subject", subjectPrefix)
		}
		key := strings.TrimSuffix(name, textSuffix) + subjectSuffix
		if t.texts[key], err = texttemplate.New(key).Option("missingkey=error").Parse(subject); err != nil {
			return err
		}
		text = strings.TrimLeft(rest, "\r\n")
	}
	t.texts[name], err = texttemplate.New(name).Option("missingkey=error").Parse(text)
	return err
}

// parseHTML parses what layout.html frames.
func (t *Templates) parseHTML(name, text, layout string) error {
	framed, err := htmltemplate.New(layoutName).Option("missingkey=error").Parse(layout)
	if err == nil {
		_, err = framed.New(contentName).Parse(text)
	}
	t.htmls[name] = framed
	return err
}
