package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// manifestFields are the members of a manifest, in the order in which errors
// name them, and what each must be.
var manifestFields = [][2]string{
	{"name", "a text"},
	{"target", "a text: " + Targets},
	{"args", `a list of texts, as in ["-v", "two words"]`},
	{"execute", `a list of roles, as in ["any"]`},
	{"timeout", fmt.Sprintf("a whole number of seconds, 1 to %d", int(MaxTimeout/time.Second))},
	{"memory", fmt.Sprintf("a whole number of MiB, %d to %d", MinMemory>>20, MaxMemory>>20)},
	{"env", `an object of texts, as in {"LEVEL": "debug"}`},
	{"enabled", "true or false"},
}

// jsonKinds are what the JSON library's errors call values, in a reader's words.
var jsonKinds = map[string]string{"string": "a text", "number": "a number", "array": "a list", "object": "an object", "bool": "true or false"}

// manifestFault says in the terms of whoever writes a manifest what the JSON
// library could not read.
func manifestFault(data []byte, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrongKind(wrong)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("line %d is no JSON: %w", lineAt(data, syntax.Offset), err)
	}
	switch unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case errors.Is(err, io.EOF):
		return errors.New(`it is empty: write an object, as in ` + manifestExample)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d is no JSON: it ends too early", lineAt(data, int64(len(data))))
	case isUnknown: // an error without a type
		return fmt.Errorf("there is no %s: use %s", unknown, strings.Join(fieldNames(), ", "))
	}
	return err
}

// manifestExample is the least that a manifest has.
const manifestExample = `{"target": "node:main.mjs", "execute": ["any"]}`

// wrongKind is the error about a value of another kind than its field's.
func wrongKind(wrong *json.UnmarshalTypeError) error {
	kind, number, _ := strings.Cut(wrong.Value, " ")
	is := jsonKinds[kind]
	if number != "" {
		is = "the number " + number
	}
	for _, field := range manifestFields {
		if field[0] != wrong.Field {
			continue
		}
		verb := "is"
		if wrong.Type.Kind() == reflect.String && !strings.HasPrefix(field[1], "a text") {
			verb = "has" // the error is about an element
		}
		return fmt.Errorf("%q must be %s, and %s %s", field[0], field[1], verb, is)
	}
	return fmt.Errorf("it must be an object, as in %s, and is %s", manifestExample, is)
}

func fieldNames() (names []string) {
	for _, field := range manifestFields {
		names = append(names, field[0])
	}
	return names
}

// lineAt is the number of the line, from 1, that the byte before offset is in.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(0, offset-1), int64(len(data)))], []byte("\n"))
}
