package store

import (
	"context"
	"database/sql"
)

// executionsTable is how executions are listed.
var executionsTable = table{name: "executions", alias: "e", columns: executionColumns}

// briefTable is how they are listed without their logs and errors.
var briefTable = table{name: "executions", alias: "e", columns: briefColumns}

// ExecutionColumns are the columns that executions can be listed by, by the
// names of their members in the API (contract section 11).
var ExecutionColumns = map[string]Column{
	"$id":                {expr: "e.id"},
	"$createdAt":         {expr: "e.created_at", Kind: KindTime},
	"$updatedAt":         {expr: "e.updated_at", Kind: KindTime},
	"trigger":            {expr: "e.trigger_kind"},
	"status":             {expr: "e.status"},
	"responseStatusCode": {expr: "e.response_status", Kind: KindInt},
	"duration":           {expr: "(e.duration_us / 1000000.0)", Kind: KindFloat},
	"requestMethod":      {expr: "e.method"},
	"requestPath":        {expr: "e.path"},
	"deploymentId":       {expr: "e.deployment"},
}

// ExecutionsOf is the condition that an execution is of a function and, unless
// user is "", acts for that user.
func ExecutionsOf(function, user string) Condition {
	of := Condition{Op: OpEqual, Column: Column{expr: "e.function_id"}, Values: []any{function}}
	if user == "" {
		return of
	}
	by := Condition{Op: OpEqual, Column: Column{expr: "e.user_id"}, Values: []any{user}}
	return Condition{Op: OpAnd, Parts: []Condition{of, by}}
}

// Execution returns an execution of a function, or ErrNotFound.
func (db *DB) Execution(ctx context.Context, project, function, id string) (e Execution, err error) {
	err = db.row(ctx, e.dest(), `SELECT `+executionColumns+` FROM executions e
		WHERE e.project_id = $1 AND e.function_id = $2 AND e.id = $3`, project, function, id)
	return e, err
}

// BriefExecution is Execution without its logs and errors.
func (db *DB) BriefExecution(ctx context.Context, project, function, id string) (e Execution, err error) {
	err = db.row(ctx, e.dest(), `SELECT `+briefColumns+` FROM executions e
		WHERE e.project_id = $1 AND e.function_id = $2 AND e.id = $3`, project, function, id)
	return e, err
}

// Executions returns a page of the executions of a project. A cursor that is none
// is ErrNotFound.
func (db *DB) Executions(ctx context.Context, project string, p Page) ([]Execution, error) {
	table := executionsTable
	if p.Brief {
		table = briefTable
	}
	list := []Execution{}
	err := db.list(ctx, table, project, p, func(rows *sql.Rows) error {
		var e Execution
		if err := rows.Scan(e.dest()...); err != nil {
			return err
		}
		list = append(list, e)
		return p.room(len(e.Logs) + len(e.Errors))
	})
	turn(p, list)
	return list, err
}

// CountExecutions says for how many executions of a project a condition holds,
// counting no further than most.
func (db *DB) CountExecutions(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, executionsTable, project, where, most)
}
