package dts

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

var (
	contract  = regexp.MustCompile(` \(contract section[^)]*\)`)
	errorName = regexp.MustCompile(`\bErr[A-Z]\w*`)
	option    = regexp.MustCompile(`\bWith(\w+)`)
	goName    = regexp.MustCompile(`\b[A-Z]\w*\b`)
)

// setters are the options of a Go client that JavaScript's has.
var setters = map[string]bool{"JWT": true, "Session": true, "Locale": true}

// prose turns the Go comment of name into one for TypeScript: without the name
// at its beginning, the paragraphs that begin with "In Go," and the contract's
// sections, and with the names of errors, options and fields as they are in
// JavaScript. Its lines are paragraphs.
func (g *generator) prose(doc, name string, fields []field) (string, error) {
	var paragraphs []string
	for paragraph := range strings.SplitSeq(strings.TrimSpace(doc), "\n\n") {
		if text := strings.Join(strings.Fields(paragraph), " "); !strings.HasPrefix(text, "In Go,") {
			paragraphs = append(paragraphs, text)
		}
	}
	text := contract.ReplaceAllString(strings.Join(paragraphs, "\n"), "")
	text = withoutName(text, name)
	var err error
	text = errorName.ReplaceAllStringFunc(text, func(name string) string {
		for _, c := range g.source.constants["ErrorType"] {
			if c.name == name {
				return "`" + c.value + "`"
			}
		}
		err = fmt.Errorf("the comment names %s, which is no ErrorType", name)
		return name
	})
	text = option.ReplaceAllStringFunc(text, func(name string) string {
		if !setters[strings.TrimPrefix(name, "With")] {
			err = fmt.Errorf("the comment names %s, which JavaScript has not: say it in a paragraph that begins with \"In Go,\"", name)
		}
		return "`set" + strings.TrimPrefix(name, "With") + "()`"
	})
	return sentence(asProperties(text, fields)), err
}

// asProperties writes the names of fields as JSON has them. What is all in
// capitals, such as JWT, is a word of the language.
func asProperties(text string, fields []field) string {
	names := map[string]string{}
	for _, f := range fields {
		names[f.name] = f.json
	}
	return goName.ReplaceAllStringFunc(text, func(word string) string {
		if json, ok := names[word]; ok && word != strings.ToUpper(word) {
			return "`" + json + "`"
		}
		return word
	})
}

// withoutName drops the name that a Go comment begins with.
func withoutName(text, name string) string {
	rest, ok := strings.CutPrefix(text, name+" ")
	if !ok {
		return text
	}
	for _, verb := range []string{"is ", "are ", "has "} {
		rest = strings.TrimPrefix(rest, verb)
	}
	return rest
}

// sentence begins with a capital and ends with a period.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	runes := []rune(text)
	runes[0] = unicode.ToUpper(runes[0])
	text = string(runes)
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
