package isojot

import (
	"context"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/args"
)

// Encode writes the values of the operation's parameters down, by the names that
// Route.Params has: wildcards of the pattern go in the path, what else a GET has in
// the query, and all the rest in a JSON object. What is nil is left out where the
// parameter is optional, and else null. A parameter that is missing, and a name that
// is none, are ErrInvalidArgument.
func Encode(o Operation, values map[string]any) (Params, error) {
	w := writing{operation: o, params: asked(o.Route, Params{Path: map[string]string{}})}
	for name := range values {
		if !slices.Contains(o.Params, name) {
			return Params{}, unheard(o, name)
		}
	}
	for _, name := range o.Params {
		value, given := values[name]
		optional := slices.Contains(o.Optional, name)
		switch {
		case !given && !optional:
			return Params{}, refuse(o, name, "missing; pass a value")
		case !given, optional && args.Absent(value):
			continue
		}
		if err := w.add(name, value); err != nil {
			return Params{}, refuse(o, name, err.Error())
		}
	}
	return w.done(), nil
}

// unheard is the error of a name that is no parameter.
func unheard(o Operation, name string) error {
	return refuse(o, name, "no parameter of "+o.Name+", which has "+or(strings.Join(o.Params, ", "), "none"))
}

// refuse is the error of a value that cannot be sent.
func refuse(o Operation, name, why string) error {
	err := invalid(name + ": " + why)
	err.Operation = o.Name
	return err
}

// writing is an operation's parameters while they are written down.
type writing struct {
	operation Operation
	params    Params
	query     []string
	body      []string
}

func (w *writing) add(name string, value any) (err error) {
	switch {
	case w.operation.InPath(name):
		w.params.Path[name], err = args.Text(value)
		return err
	case strings.HasPrefix(w.operation.Pattern, "GET "):
		pairs, err := args.Query(name, value)
		for _, p := range pairs {
			w.query = append(w.query, escape(p.Name)+"="+escape(p.Text))
		}
		return err
	}
	data, err := args.JSON(value)
	w.body = append(w.body, `"`+name+`":`+string(data))
	return err
}

func (w *writing) done() Params {
	w.params.RawQuery = strings.Join(w.query, "&")
	if w.body == nil {
		return w.params
	}
	w.params.Body = []byte("{" + strings.Join(w.body, ",") + "}")
	// This tells the server that a parameter holds the query, as the official
	// packages have it. One that is a text makes the body a query as it is.
	if w.operation.Effect == EffectEnvelope && !strings.HasPrefix(w.body[0], `"query":"`) {
		header := map[string]string{"x-sdk-graphql": "true"}
		for name, value := range w.params.Header {
			header[name] = value
		}
		w.params.Header = header
	}
	return w.params
}

// CallJSON performs an operation of Routes by name, with the values of its
// parameters, and reads the JSON of the answer into a T:
//
//	project, err := isojot.CallJSON[map[string]any](ctx, client, "project.get", nil)
//
// It is for the services that have no package below services: the console's.
// Encode says how values are written.
func CallJSON[T any](ctx context.Context, c *Client, operation string, values map[string]any) (*T, error) {
	o, err := known(operation)
	if err != nil {
		return nil, err
	}
	return answer[T](ctx, c, o, values)
}

// answer performs an operation with the values of its parameters.
func answer[T any](ctx context.Context, c *Client, o Operation, values map[string]any) (*T, error) {
	p, err := Encode(o, values)
	if err != nil {
		return nil, err
	}
	return DoJSON[T](ctx, c, o, p)
}

// given performs an operation with the values of its parameters, without those
// that are left out.
func given[T any](ctx context.Context, c *Client, o Operation, values map[string]any) (*T, error) {
	return answer[T](ctx, c, o, args.Present(values, o.Optional))
}

// perform is given for an operation that answers with nothing.
func perform(ctx context.Context, c *Client, o Operation, values map[string]any) error {
	p, err := Encode(o, args.Present(values, o.Optional))
	if err != nil {
		return err
	}
	_, err = c.Do(ctx, o, p)
	return err
}

// signInBy is given for an operation that makes a session.
func (a *Account) signInBy(ctx context.Context, o Operation, values map[string]any) (*Session, error) {
	p, err := Encode(o, args.Present(values, o.Optional))
	if err != nil {
		return nil, err
	}
	return a.signIn(ctx, o, p.Body)
}

// URL is where a page can show or download what the operation answers with, as an
// image's source for one: the project is in the query, and no credential is. A
// browser sends its session's cookie along; who has none needs the parameter token
// where the operation has it.
func (c *Client) URL(operation Operation, p Params) (string, error) {
	if err := operation.check(); err != nil {
		return "", err
	}
	_, pattern, _ := strings.Cut(operation.Pattern, " ")
	path, err := c.cfg().expand(pattern, p.Path)
	if err != nil {
		err.Operation = operation.Name
		return "", err
	}
	query := queryOf(p)
	separator := "&"
	if query == "" {
		separator = "?"
	}
	return c.Endpoint() + path + query + separator + "project=" + escape(c.Project()), nil
}
