// Package service performs the operations of the packages below services: their
// methods, which are generated, hand over the values of parameters by name.
package service

import (
	"context"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/args"
)

// encode writes values down, without those that are left out.
func encode(o isojot.Operation, values map[string]any) (isojot.Params, error) {
	return isojot.Encode(o, args.Present(values, o.Optional))
}

// JSON performs an operation, and reads the JSON of the answer into a T.
func JSON[T any](ctx context.Context, c *isojot.Client, o isojot.Operation, values map[string]any) (*T, error) {
	p, err := encode(o, values)
	if err != nil {
		return nil, err
	}
	return isojot.DoJSON[T](ctx, c, o, p)
}

// Prefs performs an operation that answers with preferences.
func Prefs(ctx context.Context, c *isojot.Client, o isojot.Operation, values map[string]any) (isojot.Prefs, error) {
	prefs, err := JSON[isojot.Prefs](ctx, c, o, values)
	if err != nil {
		return nil, err
	}
	return *prefs, nil
}

// None performs an operation that answers with nothing.
func None(ctx context.Context, c *isojot.Client, o isojot.Operation, values map[string]any) error {
	p, err := encode(o, values)
	if err != nil {
		return err
	}
	_, err = c.Do(ctx, o, p)
	return err
}

// Content performs an operation that answers with content.
func Content(ctx context.Context, c *isojot.Client, o isojot.Operation, values map[string]any) (*isojot.Download, error) {
	p, err := encode(o, values)
	if err != nil {
		return nil, err
	}
	return c.DoOpen(ctx, o, p)
}

// URL is where a page finds the content that an operation answers with.
func URL(c *isojot.Client, o isojot.Operation, values map[string]any) (string, error) {
	p, err := encode(o, values)
	if err != nil {
		return "", err
	}
	return c.URL(o, p)
}

// Upload performs an operation that takes a file, and reads the JSON of the answer
// into a T.
func Upload[T any](ctx context.Context, c *isojot.Client, o isojot.Operation, values map[string]any) (*T, error) {
	res, err := c.DoUpload(ctx, o, args.Present(values, o.Optional))
	if err != nil {
		return nil, err
	}
	return isojot.ReadJSON[T](o, res)
}

// Unique is the id of what is made, which the server chooses where there is none.
func Unique(id string) string {
	if id == "" {
		return "unique()"
	}
	return id
}
