package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// laneLetters are the lanes in the table of the root package.
var laneLetters = [...]string{operations.Guest: "g", operations.Session: "s", operations.JWT: "j", operations.Key: "k"}

// tableFile is the text from which Call, Routes and RouteOf read the operations,
// one a line. A text costs a program that has none of these nothing, and one that
// has them a tenth of what structs would.
func tableFile(all []operations.Operation) []byte {
	own := slices.DeleteFunc(slices.Clone(all), func(o operations.Operation) bool { return len(o.Lanes) == 0 })
	slices.SortFunc(own, func(a, b operations.Operation) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	b.WriteString(header + "package isojot\n\n// table are the operations that Call knows, by name; operationOf says what a line holds.\nconst table = `\n")
	for _, o := range own {
		b.WriteString(tableLine(o) + "\n")
	}
	b.WriteString("`\n\n// uploads are those of them that take a file, each with the parameter that is one.\nconst uploads = `\n")
	for _, o := range own {
		for _, p := range o.Params {
			if p.Type == operations.File {
				b.WriteString(o.Name + " " + p.OnWire() + "\n")
			}
		}
	}
	b.WriteString("`\n")
	return b.Bytes()
}

func tableLine(o operations.Operation) string {
	words := []string{o.Name, o.Pattern, ""}
	for _, lane := range o.Lanes {
		words[2] += laneLetters[lane]
	}
	for _, p := range o.Params {
		word := p.OnWire()
		if left(o, p) {
			word += "?"
		}
		words = append(words, word)
	}
	if o.Effect != operations.None {
		words = append(words, fmt.Sprintf("effect=%d", o.Effect))
	}
	if answer := answerOf(o); answer != "" {
		words = append(words, fmt.Sprintf("answer=%d", slices.Index(answerConstants, answer)))
	}
	if accept := acceptOf(o); accept > 0 {
		words = append(words, fmt.Sprintf("accept=%d", accept))
	}
	return strings.Join(words, " ")
}

// left reports whether the parameter may be left out in Go, where the operations
// of both packages are one.
func left(o operations.Operation, p operations.Param) bool {
	return p.Optional && !o.Nullable(p) || p.Only != operations.Both
}

// answerConstants are the root package's constants of type Answer, in their order.
var answerConstants = []string{"AnswerJSON", "AnswerContent", "AnswerLocation"}

// answerOf is the constant for what the operation answers with, or "" where that
// is JSON.
func answerOf(o operations.Operation) string {
	switch o.Kind {
	case operations.Content:
		return "AnswerContent"
	case operations.Redirect:
		return "AnswerLocation"
	}
	return ""
}

// accepted are the media types by the root package's constants of type Accept.
var accepted = [...][2]string{
	{"", "AcceptJSON"}, {operations.NoAccept, "AcceptNone"}, {"*/*", "AcceptAny"}, {"image/*", "AcceptImage"}, {"image/png", "AcceptPNG"},
	{"text/html", "AcceptHTML"},
}

// acceptOf is the number of the constant for what the operation asks for.
func acceptOf(o operations.Operation) int {
	for i, a := range accepted {
		if a[0] == o.Accept {
			return i
		}
	}
	panic("gen: the root package has no constant for the media type " + o.Accept + " of " + o.Name)
}
