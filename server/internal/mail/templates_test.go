package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// loaded are the built-in templates, and those of files.
func loaded(t *testing.T, files map[string]string) *Templates {
	t.Helper()
	made, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func load(files map[string]string) (*Templates, error) {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(folder, English)
}

// The subjects that were recorded, by X-Appwrite-Locale.
func TestSubjects(t *testing.T) {
	t.Parallel()
	templates := loaded(t, nil)
	for _, tc := range []struct {
		kind         Kind
		locale, want string
	}{
		{MagicSession, "", "Golden Project Login"},
		{OTPSession, "", "OTP for Golden Project Login"},
		{Recovery, "", "Password Reset for Golden Project"},
		{Verification, "en-GB", "Account Verification for Golden Project"},
		{MFAChallenge, "xx", "Verification Code for Golden Project"},
		{SessionAlert, "no locale at all", "Security alert: new session on your Golden Project account"},
		{Invitation, "", "Invitation to Invite Team Team at Golden Project"},
		{Recovery, "de", "Kennwort zurücksetzen"},
		{Recovery, "de-AT", "Kennwort zurücksetzen"},
	} {
		m, err := templates.Mail(Mail{Kind: tc.kind, Values: Values{Project: "Golden Project", Team: "Invite Team"}}, tc.locale)
		if err != nil || m.Subject != tc.want {
			t.Errorf("%s in %q: %q, %v; want %q", tc.kind, tc.locale, m.Subject, err, tc.want)
		}
	}
	for kind, want := range map[Kind]string{TextLogin: "012345", TextVerification: "012345", TextMFA: "012345", TextInvitation: "http://localhost/x?a=1&b=2"} {
		m, err := templates.Text(Text{Kind: kind, Values: Values{OTP: "012345", Redirect: "http://localhost/x?a=1&b=2"}}, "de")
		if err != nil || m.Text != want || m.HTML != "" {
			t.Errorf("%s: %+v, %v", kind, m, err)
		}
	}
}

// What strangers choose cannot add a header, an element of HTML, a line of text
// or a link.
func TestStrangersAddNothing(t *testing.T) {
	t.Parallel()
	evil := "A\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>\u202e\x00"
	templates := loaded(t, nil)
	for _, kind := range mails {
		m, err := templates.Mail(Mail{Kind: kind, To: "ann@example.com", ToName: evil, Values: Values{
			User: evil, Owner: evil, Project: evil, Team: evil, Phrase: evil, AgentClient: evil, AgentOS: evil, AgentDevice: evil,
			Device: evil, Redirect: `http://localhost/"><script>alert(2)</script>`,
		}}, "")
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(m.Subject+m.ToName, "\r\n\x00\u202e") {
			t.Errorf("%s: the header has %q, %q", kind, m.Subject, m.ToName)
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.Text, "\nBcc:") {
			t.Errorf("%s: the mail is\n%s\n%s", kind, m.Text, m.HTML)
		}
	}
	for _, name := range []string{"Win at http://evil.example", "www.evil.example", "evil.com", "Go to evil.example/x now"} {
		m, err := templates.Mail(Mail{Kind: Verification, Values: Values{User: name}}, "")
		if err != nil || strings.Contains(m.Text+m.HTML, "evil") {
			t.Errorf("%q is shown: %v\n%s", name, err, m.Text)
		}
	}
	for _, name := range []string{"Ann", "Dr. Ann O'Neill", "安 あん", "Ann B. Smith-Jones"} {
		if got := greeted(name); got != name {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}

// Links of apps stay as they are; those that a program would run do not.
func TestLinksOfHTML(t *testing.T) {
	t.Parallel()
	templates := loaded(t, nil)
	for link, want := range map[string]string{
		"https://shop.example/x?a=1&b=2":            `href="https://shop.example/x?a=1&amp;b=2"`,
		"appwrite-callback-shop://x?userId=u&s=1":   `href="appwrite-callback-shop://x?userId=u&amp;s=1"`,
		"javascript:alert(1)":                       `href="#ZgotmplZ"`,
		"JavaScript:alert(1)":                       `href="#ZgotmplZ"`,
		" javascript:alert(1)":                      `href="#ZgotmplZ"`,
		"data:text/html,<script>alert(1)</script>":  `href="#ZgotmplZ"`,
		`https://shop.example/" onmouseover="run()`: `href="https://shop.example/%22%20onmouseover=%22run%28%29"`,
	} {
		m, err := templates.Mail(Mail{Kind: Recovery, Values: Values{Redirect: link}}, "")
		if err != nil || !strings.Contains(m.HTML, want) {
			t.Errorf("%s: %v, no %s in\n%s", link, err, want, m.HTML)
		}
		if !strings.Contains(m.Text, link) {
			t.Errorf("%s is not in\n%s", link, m.Text)
		}
	}
}

// A folder replaces single templates, and may have Appwrite's placeholders.
func TestAFolderOfTemplates(t *testing.T) {
	t.Parallel()
	templates := loaded(t, map[string]string{
		"en/recovery.txt":    "Subject: New password, {{user}}?\n\nGo to {{ redirect }}\n",
		"en/recovery.html":   `<p><a href="{{redirect}}">Go</a></p>`,
		"layout.html":        `<article>{{template "content" .}}</article>`,
		"fr/otpSession.txt":  "Subject: Connexion {{project}}\r\n\r\n{{otp}}",
		"fr/otpSession.html": "<b>{{.otp}}</b>",
		".git/config":        "not a template",
	})
	m, err := templates.Mail(Mail{Kind: Recovery, Values: Values{User: "Ann", Redirect: "https://shop.example/?a=1&b=2"}}, "")
	if err != nil || m.Subject != "New password, Ann?" || m.Text != "Go to https://shop.example/?a=1&b=2\n" ||
		m.HTML != `<article><p><a href="https://shop.example/?a=1&amp;b=2">Go</a></p></article>` {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := templates.Mail(Mail{Kind: OTPSession, Values: Values{Project: "Shop", OTP: "123456"}}, "fr-CA"); err != nil || m.Subject != "Connexion Shop" || m.Text != "123456" {
		t.Errorf("%+v, %v", m, err)
	}
	// French has no template of this kind.
	if m, err := templates.Mail(Mail{Kind: MFAChallenge, Values: Values{Project: "Shop"}}, "fr"); err != nil || m.Subject != "Verification Code for Shop" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]map[string]string{
		`en/recover.txt is no template`:                       {"en/recover.txt": "Subject: x\n"},
		`en/login.html is no template`:                        {"en/login.html": "x"},
		`names no locale in small letters`:                    {"English/recovery.txt": "Subject: x\n"},
		`its first line is not "Subject: "`:                   {"en/recovery.txt": "Hello\n"},
		`there is a template fr/recovery.txt without fr/reco`: {"fr/recovery.txt": "Subject: x\n"},
		`no entry for key "nope"`:                             {"en/recovery.txt": "Subject: {{.nope}}\n"},
		`function "nope" not defined`:                         {"en/recovery.html": "{{nope}}"},
		`ends in a non-text context`:                          {"en/recovery.html": `<a href="{{redirect}}`},
	} {
		if _, err := load(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", files, err, want)
		}
	}
	if _, err := Load(nil, "fr"); err == nil || !strings.Contains(err.Error(), `"fr": use one of de, en`) {
		t.Errorf("a default without templates: %v", err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "de"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(os.DirFS(dir), "de"); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}
