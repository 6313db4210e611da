package describe

import (
	"regexp"
	"strings"

	"github.com/isojot/isojot/internal/models"
	"github.com/isojot/isojot/internal/operations"
)

// Model says what a model is, or "".
func Model(m models.Model) string {
	if text, ok := modelSentences[m.Name]; ok {
		return text
	}
	if stem, ok := strings.CutSuffix(m.Name, "List"); ok && len(m.Fields) == 2 {
		return "A page of " + plural(nounOf(strings.TrimPrefix(stem, "Oauth2"))) + "."
	}
	for _, family := range modelFamilies {
		if text := family(m.Name); text != "" {
			return text
		}
	}
	return ""
}

var modelFamily = regexp.MustCompile(`^(Column|Attribute|OAuth2|Platform|Policy|Algo)([A-Z]\w*)$`)

// modelFamilies are rules for models that there are many of.
var modelFamilies = []func(name string) string{columnModel, settingsModel}

func columnModel(name string) string {
	match := modelFamily.FindStringSubmatch(name)
	if match == nil || match[1] != "Column" && match[1] != "Attribute" {
		return ""
	}
	kind := strings.Replace(match[2], "Bigint", "BigInt", 1)
	create := columnOperation("", "create"+kind+match[1])
	text, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(create, "Adds "), "."), " to a ")
	if text == "" {
		return ""
	}
	return capital(text) + "."
}

func settingsModel(name string) string {
	match := modelFamily.FindStringSubmatch(name)
	if match == nil {
		return ""
	}
	switch match[1] {
	case "OAuth2":
		return strings.Replace(oauth2Operation("project", "updateOAuth2"+match[2]), "Changes how", "How", 1)
	case "Platform":
		return strings.Replace(strings.Replace(platformOperation("", "update"+match[2]+"Platform"), "Changes a", "A", 1), "A n", "An", 1)
	case "Policy":
		return policyOf(sentences["project.update"+match[2]+"Policy"])
	case "Algo":
		return "How a password was hashed: by " + algorithms[match[2]] + "."
	}
	return ""
}

// policyOf is "Whether ..." of a sentence that begins with "Says whether ...".
func policyOf(sentence string) string {
	if rest, ok := strings.CutPrefix(sentence, "Says "); ok {
		return capital(rest)
	}
	return ""
}

var algorithms = map[string]string{
	"Argon2": "Argon2", "Bcrypt": "bcrypt", "MD5": "MD5", "Md5": "MD5", "PHPass": "PHPass", "Phpass": "PHPass", "Scrypt": "scrypt",
	"ScryptModified": "Firebase's variant of scrypt", "SHA": "one of the SHA family", "Sha": "one of the SHA family",
}

// Field says what a field of a model holds, or "" where its name says it all.
func Field(m models.Model, f models.Field) string {
	for _, key := range []string{m.Name + " " + f.Name, f.Name} {
		if text, ok := fields[key]; ok {
			return text
		}
	}
	if strings.HasSuffix(m.Name, "List") && strings.HasSuffix(f.Type, "[]") {
		return "Those of this page."
	}
	if text := asParam(m.Name, f.Name); text != "" {
		return text
	}
	if stem, ok := strings.CutSuffix(f.Name, "Id"); ok {
		return "The id of the " + nounOf(capital(stem)) + "."
	}
	return ""
}

// asParam is what is said of the parameter by which an operation sets the field.
// What holds of the call alone, behind a semicolon or colon, is left out.
func asParam(model, field string) string {
	for _, o := range operations.All() {
		verb, _ := cutVerb(o.Method())
		if returns, _, _ := strings.Cut(o.Returns, "<"); returns != model || verb != "create" && verb != "update" && verb != "upsert" {
			continue
		}
		for _, p := range o.Params {
			if p.Name == field || p.OnWire() == field {
				text := Param(o, p)
				if i := strings.IndexAny(text, ";:"); i > 0 && !strings.Contains(text[:i], `"`) {
					text = text[:i] + "."
				}
				return strings.Replace(text, "The id of the new ", "The id of the ", 1)
			}
		}
	}
	return ""
}

// Enum says what an enumeration lists.
func Enum(e models.Enum) string { return enums[e.Name] }

// Instead is the name of the operation to call instead of one that is
// deprecated, or "" where there is none.
func Instead(o operations.Operation) string {
	name := canonical(o.Name)
	if other, ok := replaced[name]; ok {
		name = other
	} else if rest, ok := strings.CutPrefix(name, "databases."); ok {
		name = "tablesDB." + tableWords.Replace(rest)
	}
	if !o.Deprecated || name == o.Name {
		return ""
	}
	return name
}

var tableWords = strings.NewReplacer("Document", "Row", "Collection", "Table", "Attribute", "Column")

var replaced = map[string]string{
	"account.createVerification":      "account.createEmailVerification",
	"account.updateVerification":      "account.updateEmailVerification",
	"account.updateMagicURLSession":   "account.createSession",
	"account.updatePhoneSession":      "account.createSession",
	"databases.createStringAttribute": "tablesDB.createTextColumn",
	"databases.updateStringAttribute": "tablesDB.updateTextColumn",
	"tablesDB.createStringColumn":     "tablesDB.createTextColumn",
	"tablesDB.updateStringColumn":     "tablesDB.updateTextColumn",
}
