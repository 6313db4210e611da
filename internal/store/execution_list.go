package store

import (
	"context"
	"database/sql"
)

// executionsTable is how executions are listed.
var executionsTable = table{"executions", "e", executionColumns}

// briefTable is how they are listed without their logs and errors.
var briefTable = table{"executions", "e", briefColumns}

// ExecutionColumns are the columns that executions can be listed by, by the
// names of their members in the API (contract section 11).
var ExecutionColumns = map[string]Column{
	"$id":                {"e.id", KindText},
	"$createdAt":         {"e.created_at", KindTime},
	"$updatedAt":         {"e.updated_at", KindTime},
	"trigger":            {"e.trigger_kind", KindText},
	"status":             {"e.status", KindText},
	"responseStatusCode": {"e.response_status", KindInt},
	"duration":           {"(e.duration_us / 1000000.0)", KindFloat},
	"requestMethod":      {"e.method", KindText},
	"requestPath":        {"e.path", KindText},
	"deploymentId":       {"e.deployment", KindText},
}

// ExecutionsOf is the condition that an execution is of a function and, unless
// user is "", acts for that user.
func ExecutionsOf(function, user string) Condition {
	of := Condition{Op: OpEqual, Column: Column{"e.function_id", KindText}, Values: []any{function}}
	if user == "" {
		return of
	}
	by := Condition{Op: OpEqual, Column: Column{"e.user_id", KindText}, Values: []any{user}}
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

// Executions returns a page of the executions of a project.
func (db *DB) Executions(ctx context.Context, project string, p Page) ([]Execution, error) {
	table := executionsTable
	if p.Brief {
		table = briefTable
	}
	query, args := table.page(project, p)
	list := []Execution{}
	err := db.query(ctx, func(rows *sql.Rows) error {
		var e Execution
		if err := rows.Scan(e.dest()...); err != nil {
			return err
		}
		list = append(list, e)
		return p.room(len(e.Logs) + len(e.Errors))
	}, query, args...)
	turn(p, list)
	return list, err
}

// CountExecutions says for how many executions of a project a condition holds,
// counting no further than most.
func (db *DB) CountExecutions(ctx context.Context, project string, where Condition, most int) (int, error) {
	return db.count(ctx, executionsTable, project, where, most)
}
