package server

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is something that can be set of a project by its name, as a text: by
// flags, by a file, and by isojot project while the server runs.
type Setting struct {
	// Name is as in "password-history".
	Name string
	// Usage says what it does, and which values there are.
	Usage string

	set func(*Project, string) error
	get func(*Project) string
}

// settings are all of them, in the order in which they are listed.
var settings = []Setting{
	{"name", "what mails call the project",
		func(p *Project, v string) error { p.Name = v; return nil }, func(p *Project) string { return p.Name }},
	listSetting("disabled-methods", "ways of signing in that are switched off: "+strings.Join(methodList(), ", "),
		func(p *Project) *[]AuthMethod { return &p.Rules.Disabled }),
	listSetting("disabled-services", "parts of the API that are switched off: "+strings.Join(services, ", "),
		func(p *Project) *[]string { return &p.Rules.DisabledServices }),
	numberSetting("max-users", "number of users from which nobody can sign up any more; 0 is without limit", func(p *Project) *int { return &p.Rules.MaxUsers }),
	numberSetting("max-sessions", "sessions that a user keeps; 0 means 10, -1 all", func(p *Project) *int { return &p.Rules.MaxSessions }),
	{"session-duration", "how long a session lasts, 1m to 8760h; 0s means 8760h", func(p *Project, v string) (err error) {
		p.Rules.SessionDuration, err = time.ParseDuration(v)
		return err
	}, func(p *Project) string { return p.Rules.SessionDuration.String() }},
	truthSetting("keep-sessions", "whether other sessions live on when the password changes", func(p *Project) *bool { return &p.Rules.KeepSessions }),
	truthSetting("session-alerts", "whether users get a mail about each sign-in by password after their first", func(p *Project) *bool { return &p.Rules.SessionAlerts }),
	mockNumbersSetting,
	numberSetting("password-min", "least length of a new password, 8 to 256 bytes; 0 means 8", func(p *Project) *int { return &p.Rules.PasswordStrength.Min }),
	flagsSetting("password-needs", "what a new password must have", passwordNeeds),
	truthSetting("password-dictionary", "whether the passwords that are used most are refused", func(p *Project) *bool { return &p.Rules.PasswordDictionary }),
	truthSetting("password-personal-data", "whether passwords are refused that have the user's id, name, address or number in them",
		func(p *Project) *bool { return &p.Rules.PasswordPersonalData }),
	numberSetting("password-history", "how many of a user's last passwords cannot be used again, 0 to 20", func(p *Project) *int { return &p.Rules.PasswordHistory }),
	flagsSetting("membership-privacy", "what members of a team see of each other", membershipShows),
}

// passwordNeeds are the values of the setting password-needs.
var passwordNeeds = map[string]func(*Project) *bool{
	"uppercase": func(p *Project) *bool { return &p.Rules.PasswordStrength.Uppercase },
	"lowercase": func(p *Project) *bool { return &p.Rules.PasswordStrength.Lowercase },
	"number":    func(p *Project) *bool { return &p.Rules.PasswordStrength.Number },
	"symbol":    func(p *Project) *bool { return &p.Rules.PasswordStrength.Symbol },
}

// membershipShows are the values of the setting membership-privacy.
var membershipShows = map[string]func(*Project) *bool{
	"userId":    func(p *Project) *bool { return &p.Rules.MembershipPrivacy.UserID },
	"userName":  func(p *Project) *bool { return &p.Rules.MembershipPrivacy.UserName },
	"userEmail": func(p *Project) *bool { return &p.Rules.MembershipPrivacy.UserEmail },
	"userPhone": func(p *Project) *bool { return &p.Rules.MembershipPrivacy.UserPhone },
	"mfa":       func(p *Project) *bool { return &p.Rules.MembershipPrivacy.MFA },
}

// methodList are the names of the ways of signing in.
func methodList() []string {
	var all []string
	for _, m := range slices.Sorted(maps.Keys(methodNames)) {
		all = append(all, string(m))
	}
	return all
}

// numberSetting is a setting that is a whole number.
func numberSetting(name, usage string, at func(*Project) *int) Setting {
	return Setting{name, usage, func(p *Project, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil {
			return fmt.Errorf("%q is no whole number", v)
		}
		*at(p) = n
		return nil
	}, func(p *Project) string { return strconv.Itoa(*at(p)) }}
}

// truthSetting is a setting that is true or false.
func truthSetting(name, usage string, at func(*Project) *bool) Setting {
	return Setting{name, usage + ": true or false", func(p *Project, v string) error {
		if v != "true" && v != "false" {
			return fmt.Errorf("%q is not true or false", v)
		}
		*at(p) = v == "true"
		return nil
	}, func(p *Project) string { return strconv.FormatBool(*at(p)) }}
}

// listSetting is a setting that is some words, which Rules check.
func listSetting[S ~string](name, usage string, at func(*Project) *[]S) Setting {
	return Setting{name, usage + " (separated by commas or blanks)", func(p *Project, v string) error {
		*at(p) = nil
		for _, word := range words(v) {
			*at(p) = append(*at(p), S(word))
		}
		return nil
	}, func(p *Project) string {
		var all []string
		for _, word := range *at(p) {
			all = append(all, string(word))
		}
		return strings.Join(all, ",")
	}}
}

// flagsSetting is a setting that is some of a few words.
func flagsSetting(name, usage string, at map[string]func(*Project) *bool) Setting {
	all := slices.Sorted(maps.Keys(at))
	return Setting{name, usage + ": some of " + strings.Join(all, ", ") + " (separated by commas or blanks)", func(p *Project, v string) error {
		asked := words(v)
		for _, word := range asked {
			if at[word] == nil {
				return fmt.Errorf("%q is none of %s", word, strings.Join(all, ", "))
			}
		}
		for _, word := range all {
			*at[word](p) = slices.Contains(asked, word)
		}
		return nil
	}, func(p *Project) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(all), func(word string) bool { return !*at[word](p) }), ",")
	}}
}

// words are the words of a list.
func words(v string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' }), func(s string) bool { return s == "" })
}

// Settings are what can be set of a project.
func Settings() []Setting { return slices.Clone(settings) }

// Set sets something of the project by its name. An error names the setting, its
// bound and the values there are.
func (p *Project) Set(name, value string) error {
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no setting %q: use some of %s", name, strings.Join(settingNames(), ", "))
	}
	changed := *p
	if err := settings[i].set(&changed, value); err != nil {
		return fmt.Errorf("%s: %w; it is %s", name, err, settings[i].Usage)
	}
	if err := changed.Rules.check(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	*p = changed
	return nil
}

// Get is what the project has for a setting, as Set takes it; "" for an unknown
// one.
func (p *Project) Get(name string) string {
	for _, s := range settings {
		if s.Name == name {
			return s.get(p)
		}
	}
	return ""
}

// settingNames are the names of all settings.
func settingNames() []string {
	var all []string
	for _, s := range settings {
		all = append(all, s.Name)
	}
	return all
}
