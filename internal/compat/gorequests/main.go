// Command gorequests performs operations by the Go packages, for the test that
// compares the requests with those of the official packages. It reads a list of
// calls from its input:
//
//	gorequests fields                  what a typed method's parameters can be
//	gorequests typed|call ENDPOINT     performs the calls, and prints what came of each
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/avatars"
	"github.com/isojot/isojot/services/databases"
	"github.com/isojot/isojot/services/documentsdb"
	"github.com/isojot/isojot/services/locale"
	"github.com/isojot/isojot/services/messaging"
	"github.com/isojot/isojot/services/presences"
	"github.com/isojot/isojot/services/storage"
	"github.com/isojot/isojot/services/tablesdb"
	"github.com/isojot/isojot/services/teams"
	"github.com/isojot/isojot/services/tokens"
	"github.com/isojot/isojot/services/users"
	"github.com/isojot/isojot/services/vectorsdb"
)

// call is an operation with the values of its parameters, by their order.
type call struct {
	Operation string  `json:"operation"` // such as tablesDB.listRows
	Suffix    string  `json:"suffix"`    // of the method's name: URL
	Params    []param `json:"params"`
}

type param struct {
	Name  string          `json:"name"` // on the wire
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

// outcome is what came of a call.
type outcome struct {
	Operation string            `json:"operation"`
	Result    any               `json:"result,omitempty"`
	Error     string            `json:"error,omitempty"`
	Missing   bool              `json:"missing,omitempty"` // there is no such method
	Fields    map[string]string `json:"fields,omitempty"`
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gorequests:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("pass fields, typed or call")
	}
	endpoint := "http://127.0.0.1:1/v1"
	if len(args) > 1 {
		endpoint = args[1]
	}
	client, err := isojot.NewClient(endpoint, "demo", isojot.WithKey("key"), isojot.WithSession("session"))
	if err != nil {
		return err
	}
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var c call
		if err := decoder.Decode(&c); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		o := perform(client, args[0], c)
		o.Operation = c.Operation
		if err := encoder.Encode(o); err != nil {
			return err
		}
	}
}

func perform(client *isojot.Client, mode string, c call) (o outcome) {
	if mode == "call" {
		return called(client, c)
	}
	method, ok := methodOf(client, c)
	switch {
	case !ok:
		o.Missing = true
	case mode == "fields":
		o.Fields = fieldsOf(method)
	default:
		o = typed(method, c)
	}
	return o
}

// servicesOf are what has the methods of a service: first that by which rows are
// read into a type.
func servicesOf(c *isojot.Client, service string) []any {
	switch service {
	case "account":
		return []any{c.Account}
	case "functions":
		return []any{c.Functions}
	case "avatars":
		return []any{avatars.New(c)}
	case "databases":
		return []any{databases.As[map[string]any](databases.New(c))}
	case "documentsDB":
		return []any{documentsdb.As[map[string]any](documentsdb.New(c))}
	case "vectorsDB":
		return []any{vectorsdb.As[map[string]any](vectorsdb.New(c))}
	case "tablesDB":
		return []any{tablesdb.As[map[string]any](tablesdb.New(c))}
	case "locale":
		return []any{locale.New(c)}
	case "messaging":
		return []any{messaging.New(c)}
	case "presences":
		return []any{presences.New(c)}
	case "storage":
		return []any{storage.New(c)}
	case "teams":
		return []any{teams.New(c)}
	case "tokens":
		return []any{tokens.New(c)}
	case "users":
		return []any{users.New(c)}
	}
	return nil
}

// methodOf is the method of an operation, which differs from it in capitals alone,
// and with a suffix in the get that it begins with.
func methodOf(c *isojot.Client, call call) (reflect.Value, bool) {
	service, name, _ := strings.Cut(call.Operation, ".")
	if call.Suffix != "" {
		name = strings.TrimPrefix(name, "get") + call.Suffix
	}
	for _, receiver := range servicesOf(c, service) {
		v := reflect.ValueOf(receiver)
		for i := range v.NumMethod() {
			if strings.EqualFold(v.Type().Method(i).Name, name) {
				return v.Method(i), true
			}
		}
	}
	return reflect.Value{}, false
}

// arguments are the types of a method's arguments after the context.
func arguments(method reflect.Value) (types []reflect.Type) {
	for i := range method.Type().NumIn() {
		if t := method.Type().In(i); t != reflect.TypeFor[context.Context]() {
			types = append(types, t)
		}
	}
	return types
}

// fieldsOf says which parameters can be told from none where they are zero.
func fieldsOf(method reflect.Value) map[string]string {
	fields := map[string]string{}
	for _, t := range arguments(method) {
		if t.Kind() != reflect.Struct {
			continue
		}
		for i := range t.NumField() {
			kind := "plain"
			switch t.Field(i).Type.Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
				kind = "nil"
			}
			fields[strings.ToLower(t.Field(i).Name)] = kind
		}
	}
	return fields
}

func typed(method reflect.Value, c call) (o outcome) {
	var in []reflect.Value
	if method.Type().NumIn() > 0 && method.Type().In(0) == reflect.TypeFor[context.Context]() {
		in = append(in, reflect.ValueOf(context.Background()))
	}
	types := arguments(method)
	if len(types) == 1 && types[0].Kind() == reflect.Struct {
		p := reflect.New(types[0]).Elem()
		for _, own := range c.Params {
			field := p.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, own.Name) })
			if !field.IsValid() {
				return outcome{Error: fmt.Sprintf("%s has no field %s", types[0], own.Name)}
			}
			if err := set(field, own); err != nil {
				return outcome{Error: err.Error()}
			}
		}
		in = append(in, p)
	} else {
		for i, t := range types {
			if i >= len(c.Params) && method.Type().IsVariadic() {
				break
			}
			if i >= len(c.Params) {
				return outcome{Error: "the method takes more than there is"}
			}
			v := reflect.New(t).Elem()
			if err := set(v, c.Params[i]); err != nil {
				return outcome{Error: err.Error()}
			}
			in = append(in, v)
		}
	}
	var out []reflect.Value
	if method.Type().IsVariadic() && len(in) == method.Type().NumIn() {
		out = method.CallSlice(in)
	} else {
		out = method.Call(in)
	}
	return outcomeOf(out)
}

func outcomeOf(out []reflect.Value) (o outcome) {
	last := out[len(out)-1]
	if err, ok := last.Interface().(error); ok && err != nil {
		o.Error = err.Error()
	}
	switch result := out[0].Interface().(type) {
	case string:
		o.Result = result
	case *isojot.Download:
		if result != nil {
			content, err := io.ReadAll(result)
			if err := errors.Join(err, result.Close()); err != nil {
				o.Error = err.Error()
			}
			o.Result = string(content)
		}
	}
	return o
}

// set sets a field to a value.
func set(field reflect.Value, p param) error {
	switch {
	case field.Type() == reflect.TypeFor[isojot.Upload]():
		field.Set(reflect.ValueOf(file(p.Value)))
		return nil
	case field.Type() == reflect.TypeFor[time.Duration](): // which has seconds on the wire
		var seconds int
		err := json.Unmarshal(p.Value, &seconds)
		field.SetInt(int64(seconds) * int64(time.Second))
		return err
	}
	return json.Unmarshal(p.Value, field.Addr().Interface())
}

// file is a file with a text for content, or of so many zeros.
func file(value json.RawMessage) isojot.Upload {
	var size int64
	if json.Unmarshal(value, &size) == nil {
		return isojot.Upload{Name: "zeros", Size: size, Reader: io.NewSectionReader(zeros{}, 0, size)}
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		panic("a file's value is its text or its size")
	}
	return isojot.Upload{Name: `fi"le ü.txt`, Size: int64(len(text)), Reader: strings.NewReader(text)}
}

// zeros is a file that has nothing else.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

// called performs an operation by its name.
func called(client *isojot.Client, c call) (o outcome) {
	values := map[string]any{}
	upload := false
	for _, p := range c.Params {
		if p.Type == "File" {
			values[p.Name], upload = file(p.Value), true
			continue
		}
		values[p.Name] = p.Value
	}
	var err error
	if upload {
		_, err = client.Upload(context.Background(), c.Operation, values)
	} else {
		err = calledBy(client, c.Operation, values)
	}
	if err != nil {
		o.Error = err.Error()
	}
	return o
}

func calledBy(client *isojot.Client, operation string, values map[string]any) error {
	route, ok := isojot.RouteOf(operation)
	if !ok {
		return errors.New("there is no route of " + operation)
	}
	p, err := isojot.Encode(isojot.Operation{Name: operation, Route: route}, values)
	if err != nil {
		return err
	}
	_, err = client.Call(context.Background(), operation, p)
	return err
}
