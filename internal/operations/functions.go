package operations

// MaxExecutionBody is the largest request that executes a function, in bytes.
const MaxExecutionBody = 12 << 20

// ExecuteScopes are those of whoever executes a function, of which one is
// needed.
var ExecuteScopes = []string{"executions.write", "execution.write"}

// readsExecutions is what the operations that read executions ask of a caller.
var readsExecutions = Endpoint{Scopes: []string{"executions.read", "execution.read"}}

// functions are the operations of the functions service (contract section 11).
// GraphQL has none of them: a query could execute fifty functions at once.
var functions = []Operation{
	{
		Name: "functions.createExecution", Pattern: "POST /functions/{functionId}/executions", Lanes: anyone,
		Params: []Param{
			{Name: "functionId"}, {Name: "body", Optional: true}, {Name: "async", Type: Bool, Optional: true},
			{Name: "path", Optional: true}, {Name: "method", Optional: true}, {Name: "headers", Type: Object, Optional: true},
			{Name: "scheduledAt", Optional: true},
		},
		Endpoint: &Endpoint{Scopes: ExecuteScopes, MaxBody: MaxExecutionBody},
	},
	{
		Name: "functions.listExecutions", Pattern: "GET /functions/{functionId}/executions", Lanes: anyUser,
		Params:   []Param{{Name: "functionId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}},
		Endpoint: &readsExecutions,
	},
	{
		Name: "functions.getExecution", Pattern: "GET /functions/{functionId}/executions/{executionId}", Lanes: anyUser,
		Params:   []Param{{Name: "functionId"}, {Name: "executionId"}},
		Endpoint: &readsExecutions,
	},
	{
		Name: "functions.deleteExecution", Pattern: "DELETE /functions/{functionId}/executions/{executionId}",
		Params:   []Param{{Name: "functionId"}, {Name: "executionId"}},
		Endpoint: &Endpoint{Scopes: ExecuteScopes},
	},
}
