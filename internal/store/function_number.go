package store

import (
	"context"
	"errors"
)

// FunctionNumber is the number of a function of a project, which no other
// function of the database has or will have: 0 for the first that is asked for.
func (db *DB) FunctionNumber(ctx context.Context, project, function string) (number int, err error) {
	const query = `SELECT number FROM function_numbers WHERE project_id = $1 AND function_id = $2`
	err = db.row(ctx, []any{&number}, query, project, function)
	if !errors.Is(err, ErrNotFound) {
		return number, err
	}
	for attempt := 1; ; attempt++ {
		number, err = db.giveFunctionNumber(ctx, project, function, query)
		// Another server gave that number to another function.
		if !errors.Is(err, ErrDuplicate) || attempt == maxAttempts {
			return number, err
		}
	}
}

func (db *DB) giveFunctionNumber(ctx context.Context, project, function, query string) (number int, err error) {
	err = db.Tx(ctx, func(t *Tx) error {
		err := t.row(ctx, []any{&number}, query, project, function)
		if !errors.Is(err, ErrNotFound) { // somebody was quicker
			return err
		}
		if err := t.row(ctx, []any{&number}, `SELECT COALESCE(MAX(number), -1) + 1 FROM function_numbers`); err != nil {
			return err
		}
		return t.insert(ctx, `INSERT INTO function_numbers (project_id, function_id, number) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			project, function, number)
	})
	return number, err
}
