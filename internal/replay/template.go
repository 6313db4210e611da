package replay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A template is a text with variables, such as ${id3} or ${token4x6}, or
// ${a*500} for 500 times the letter a. The letters of a variable's name are its
// kind, the number after an x is its length.
var placeholder = regexp.MustCompile(`\$\{(?:([a-z]+)([0-9]*)(x[0-9]+)?|([^}*]{1,8})\*([0-9]+))\}`)

// kindPatterns say what a variable of a kind looks like, as a regular
// expression, when it is read from an answer.
var kindPatterns = map[string]string{
	"id":     `[0-9a-f]{20}`,
	"store":  `eyJ[A-Za-z0-9+/]+`, // the base64 of {"id":...,"secret":...}, without padding
	"secret": `[0-9a-f]{256}`,
	"token":  `[0-9a-f]{LENGTH}`,
	"state":  `[^&#]+`,
	"code":   `[0-9]{6}`,
	"totp":   `[A-Z2-7]{32,128}`,
	"jwt":    `[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`,
}

// variable is the name in a placeholder of a variable.
func variable(p string) string { return strings.Trim(p, "${}") }

// env holds the values of variables.
type env map[string]string

// render replaces the variables of a template. One without a value, because
// the answer that should have held it did not, is named.
func (e env) render(template string) string {
	return placeholder.ReplaceAllStringFunc(template, func(m string) string {
		p := placeholder.FindStringSubmatch(m)
		if p[4] != "" {
			n, err := strconv.Atoi(p[5])
			if err != nil {
				return m
			}
			return strings.Repeat(p[4], n)
		}
		name := variable(m)
		if value, ok := e[name]; ok {
			return value
		}
		return "unknown-" + name
	})
}

// match reports whether a text is what a template describes. Variables that have
// no value yet take what stands in their place.
func (e env) match(template, text string) bool {
	var pattern strings.Builder
	var fresh []string
	rest := template
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		pattern.WriteString(regexp.QuoteMeta(rest[:at[0]]))
		p := placeholder.FindStringSubmatch(rest[at[0]:at[1]])
		name := variable(p[0])
		kind, open := kindPatterns[p[1]]
		if _, bound := e[name]; bound || !open {
			pattern.WriteString(regexp.QuoteMeta(e.render(rest[at[0]:at[1]])))
		} else {
			fmt.Fprintf(&pattern, "(%s)", strings.Replace(kind, "LENGTH", strings.TrimPrefix(p[3], "x"), 1))
			fresh = append(fresh, name)
		}
		rest = rest[at[1]:]
	}
	if len(fresh) == 0 {
		return e.render(template) == text
	}
	found := regexp.MustCompile(`(?s)\A` + pattern.String() + regexp.QuoteMeta(rest) + `\z`).FindStringSubmatch(text)
	if found == nil {
		return false
	}
	for i, name := range fresh {
		e.bind(name, found[i+1])
	}
	return true
}

// bind gives a variable its value; with a store comes its secret.
func (e env) bind(name, value string) {
	e[name] = value
	if number, ok := strings.CutPrefix(name, "store"); ok {
		if _, secret, ok := readStore(value); ok {
			e["secret"+number] = secret
		}
	}
}

// Bounds of what shorten writes short, in bytes.
const (
	maxUnit = 8
	minRun  = 200
)

// shorten writes long repetitions as ${a*500}.
func shorten(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		unit, n := repetition(text[i:])
		if n == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		fmt.Fprintf(&b, "${%s*%d}", unit, n)
		i += len(unit) * n
	}
	return b.String()
}

// repetition is what a text begins with many times over, and how many times;
// 0 when it does not.
func repetition(text string) (unit string, n int) {
	for size := 1; size <= min(maxUnit, len(text)); size++ {
		unit = text[:size]
		if !utf8.ValidString(unit) || strings.ContainsAny(unit, "}*") {
			continue
		}
		for n = 1; strings.HasPrefix(text[n*size:], unit); n++ {
		}
		if n*size >= minRun {
			return unit, n
		}
	}
	return "", 0
}
