package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// variables are the values of an operation's variables as JSON, with defaults
// and coercions. Those that are any JSON stay as they were sent.
func (s *Schema) variables(op *ast.OperationDefinition, sent map[string]json.RawMessage) (map[string]json.RawMessage, *Result) {
	values := map[string]any{}
	for _, v := range op.VariableDefinitions {
		if text, ok := sent[v.Variable]; ok {
			values[v.Variable] = s.decode(v.Type, text)
		}
	}
	coerced, err := validator.VariableValues(s.ast, op, values)
	if err != nil {
		return nil, badVariable(err)
	}
	vars := map[string]json.RawMessage{}
	for name, value := range coerced {
		if vars[name], err = json.Marshal(value); err != nil { // valid JSON, decoded or not
			return nil, refused(fmt.Sprintf("Variable %q: %v", "$"+name, err), op.Position)
		}
	}
	return vars, nil
}

// decode reads a value for gqlparser to check.
func (s *Schema) decode(t *ast.Type, text json.RawMessage) any {
	if isNull(text) {
		return nil
	}
	if t.Elem == nil && s.isCustom(t.NamedType) {
		return text
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil { // cannot happen: it was read before
		return nil
	}
	return v
}

// badVariable is the answer to a variable of the wrong type.
func badVariable(err error) *Result {
	e, ok := errors.AsType[*gqlerror.Error](err)
	if !ok || len(e.Path) < 2 {
		return refused(err.Error(), nil)
	}
	// The path begins with "variable" and its name.
	return refused(fmt.Sprintf("Variable \"$%v\" %s.", e.Path[1], e.Message), nil)
}

// arguments are the arguments of a field, as JSON; those not given are absent.
func (p *Plan) arguments(f *ast.Field) map[string]json.RawMessage {
	args := map[string]json.RawMessage{}
	for _, def := range f.Definition.Arguments {
		value := def.DefaultValue
		if given := f.Arguments.ForName(def.Name); given != nil {
			value = given.Value
		}
		if value == nil {
			continue
		}
		if text := p.value(value); text != nil {
			args[def.Name] = asList(def.Type, text)
		}
	}
	return args
}

// asList makes a list of one value where the type is a list (section 3.11 of
// the specification).
func asList(t *ast.Type, text json.RawMessage) json.RawMessage {
	if t.Elem == nil || text[0] == '[' || isNull(text) {
		return text
	}
	return json.RawMessage("[" + string(text) + "]")
}

// value is a value of the query as JSON; nil for a variable that is absent.
func (p *Plan) value(v *ast.Value) json.RawMessage {
	if v.Kind == ast.Variable {
		return p.vars[v.Raw]
	}
	var b bytes.Buffer
	p.writeValue(&b, v)
	return b.Bytes()
}

func (p *Plan) writeValue(b *bytes.Buffer, v *ast.Value) {
	switch v.Kind {
	case ast.IntValue, ast.FloatValue, ast.BooleanValue, ast.NullValue:
		b.WriteString(v.Raw) // as in JSON
	case ast.Variable:
		if text := p.vars[v.Raw]; text != nil {
			b.Write(text)
		} else {
			b.WriteString("null")
		}
	case ast.ListValue:
		p.writeMembers(b, v, "[", "]")
	case ast.ObjectValue:
		p.writeMembers(b, v, "{", "}")
	default:
		b.WriteString(quoted(v.Raw))
	}
}

// writeMembers writes a list or an object, in the order of the query.
func (p *Plan) writeMembers(b *bytes.Buffer, v *ast.Value, left, right string) {
	b.WriteString(left)
	for i, child := range v.Children {
		if i > 0 {
			b.WriteByte(',')
		}
		if v.Kind == ast.ObjectValue {
			b.WriteString(quoted(child.Name) + ":")
		}
		p.writeValue(b, child.Value)
	}
	b.WriteString(right)
}

// ArgumentBytes is about how long the arguments of all fields are as JSON: the
// value of a variable counts wherever it is used, since it is written there. So
// one that is sent once can take many times the memory that it came in.
func (p *Plan) ArgumentBytes() int64 { return p.selectionBytes(p.op.SelectionSet) }

func (p *Plan) selectionBytes(set ast.SelectionSet) (n int64) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			for _, arg := range s.Arguments {
				n += p.valueBytes(arg.Value)
			}
			n += p.selectionBytes(s.SelectionSet)
		case *ast.InlineFragment:
			n += p.selectionBytes(s.SelectionSet)
		case *ast.FragmentSpread:
			n += p.selectionBytes(s.Definition.SelectionSet)
		}
	}
	return n
}

func (p *Plan) valueBytes(v *ast.Value) int64 {
	if v.Kind == ast.Variable {
		return int64(len(p.vars[v.Raw]))
	}
	n := int64(len(v.Raw))
	for _, child := range v.Children {
		n += int64(len(child.Name)) + p.valueBytes(child.Value)
	}
	return n
}

// quoted is a text as JSON.
func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil { // cannot happen: texts always encode
		return strconv.Quote(s)
	}
	return string(text)
}

func isNull(text json.RawMessage) bool { return string(text) == "null" }
