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
		Name: "functions.createExecution", Pattern: "POST /functions/{functionId}/executions", Returns: "Execution", Lanes: anyone,
		Params: []Param{
			{Name: "functionId"}, {Name: "body", Optional: true}, {Name: "async", Type: Bool, Optional: true},
			{Name: "xpath", Optional: true, Wire: "path"}, {Name: "method", Type: "ExecutionMethod", Optional: true}, {Name: "headers", Type: Object, Optional: true},
			{Name: "scheduledAt", Optional: true},
		},
		Endpoint: &Endpoint{Scopes: ExecuteScopes, MaxBody: MaxExecutionBody},
	},
	{
		Name: "functions.listExecutions", Pattern: "GET /functions/{functionId}/executions", Returns: "ExecutionList", Lanes: anyUser,
		Params:   []Param{{Name: "functionId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}},
		Endpoint: &readsExecutions,
	},
	{
		Name: "functions.getExecution", Pattern: "GET /functions/{functionId}/executions/{executionId}", Returns: "Execution", Lanes: anyUser,
		Params:   []Param{{Name: "functionId"}, {Name: "executionId"}},
		Endpoint: &readsExecutions,
	},
	{
		Name: "functions.deleteExecution", Pattern: "DELETE /functions/{functionId}/executions/{executionId}", Only: Server, Accept: NoAccept, Lanes: anyone,
		Params:   []Param{{Name: "functionId"}, {Name: "executionId"}},
		Endpoint: &Endpoint{Scopes: ExecuteScopes},
	},
	{Name: "functions.list", Pattern: "GET /functions", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "FunctionList"},
	{Name: "functions.create", Pattern: "POST /functions", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "name"}, {Name: "runtime", Type: "Runtime"}, {Name: "execute", Type: Strings, Optional: true}, {Name: "events", Type: Strings, Optional: true}, {Name: "schedule", Optional: true}, {Name: "timeout", Type: Int, Optional: true}, {Name: "enabled", Type: Bool, Optional: true}, {Name: "logging", Type: Bool, Optional: true}, {Name: "entrypoint", Optional: true}, {Name: "commands", Optional: true}, {Name: "scopes", Type: "ProjectKeyScopes[]", Optional: true}, {Name: "installationId", Optional: true}, {Name: "providerRepositoryId", Optional: true}, {Name: "providerBranch", Optional: true}, {Name: "providerSilentMode", Type: Bool, Optional: true}, {Name: "providerRootDirectory", Optional: true}, {Name: "providerBranches", Type: Strings, Optional: true}, {Name: "providerPaths", Type: Strings, Optional: true}, {Name: "buildSpecification", Optional: true}, {Name: "runtimeSpecification", Optional: true}, {Name: "deploymentRetention", Type: Int, Optional: true}}, Returns: "Function"},
	{Name: "functions.listRuntimes", Pattern: "GET /functions/runtimes", Only: Server, Lanes: anyone, Returns: "RuntimeList"},
	{Name: "functions.listSpecifications", Pattern: "GET /functions/specifications", Only: Server, Lanes: anyone, Params: []Param{{Name: "type", Optional: true}}, Returns: "SpecificationList"},
	{Name: "functions.get", Pattern: "GET /functions/{functionId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}}, Returns: "Function"},
	{Name: "functions.update", Pattern: "PUT /functions/{functionId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "name"}, {Name: "runtime", Type: "Runtime", Optional: true}, {Name: "execute", Type: Strings, Optional: true}, {Name: "events", Type: Strings, Optional: true}, {Name: "schedule", Optional: true}, {Name: "timeout", Type: Int, Optional: true}, {Name: "enabled", Type: Bool, Optional: true}, {Name: "logging", Type: Bool, Optional: true}, {Name: "entrypoint", Optional: true}, {Name: "commands", Optional: true}, {Name: "scopes", Type: "ProjectKeyScopes[]", Optional: true}, {Name: "installationId", Optional: true}, {Name: "providerRepositoryId", Optional: true}, {Name: "providerBranch", Optional: true}, {Name: "providerSilentMode", Type: Bool, Optional: true}, {Name: "providerRootDirectory", Optional: true}, {Name: "providerBranches", Type: Strings, Optional: true}, {Name: "providerPaths", Type: Strings, Optional: true}, {Name: "buildSpecification", Optional: true}, {Name: "runtimeSpecification", Optional: true}, {Name: "deploymentRetention", Type: Int, Optional: true}}, Returns: "Function"},
	{Name: "functions.delete", Pattern: "DELETE /functions/{functionId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}}, Accept: NoAccept},
	{Name: "functions.updateFunctionDeployment", Pattern: "PATCH /functions/{functionId}/deployment", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}}, Returns: "Function"},
	{Name: "functions.listDeployments", Pattern: "GET /functions/{functionId}/deployments", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "DeploymentList"},
	{Name: "functions.createDeployment", Pattern: "POST /functions/{functionId}/deployments", Kind: Upload, Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "code", Type: File}, {Name: "activate", Type: Bool}, {Name: "entrypoint", Optional: true}, {Name: "commands", Optional: true}}, Order: []string{"entrypoint", "commands", "code", "activate"}, Returns: "Deployment"},
	{Name: "functions.createDuplicateDeployment", Pattern: "POST /functions/{functionId}/deployments/duplicate", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}, {Name: "buildId", Optional: true}}, Returns: "Deployment"},
	{Name: "functions.createTemplateDeployment", Pattern: "POST /functions/{functionId}/deployments/template", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "repository"}, {Name: "owner"}, {Name: "rootDirectory"}, {Name: "type", Type: "TemplateReferenceType"}, {Name: "reference"}, {Name: "activate", Type: Bool, Optional: true}}, Returns: "Deployment"},
	{Name: "functions.createVcsDeployment", Pattern: "POST /functions/{functionId}/deployments/vcs", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "type", Type: "VCSReferenceType"}, {Name: "reference"}, {Name: "activate", Type: Bool, Optional: true}}, Returns: "Deployment"},
	{Name: "functions.getDeployment", Pattern: "GET /functions/{functionId}/deployments/{deploymentId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}}, Returns: "Deployment"},
	{Name: "functions.deleteDeployment", Pattern: "DELETE /functions/{functionId}/deployments/{deploymentId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}}, Accept: NoAccept},
	{Name: "functions.getDeploymentDownload", Pattern: "GET /functions/{functionId}/deployments/{deploymentId}/download", Kind: Content, Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}, {Name: "type", Type: "DeploymentDownloadType", Optional: true}, {Name: "token", Optional: true}}, Accept: "*/*"},
	{Name: "functions.updateDeploymentStatus", Pattern: "PATCH /functions/{functionId}/deployments/{deploymentId}/status", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "deploymentId"}}, Returns: "Deployment"},
	{Name: "functions.listVariables", Pattern: "GET /functions/{functionId}/variables", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "VariableList"},
	{Name: "functions.createVariable", Pattern: "POST /functions/{functionId}/variables", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "variableId"}, {Name: "key"}, {Name: "value"}, {Name: "secret", Type: Bool, Optional: true}}, Returns: "Variable"},
	{Name: "functions.getVariable", Pattern: "GET /functions/{functionId}/variables/{variableId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "variableId"}}, Returns: "Variable"},
	{Name: "functions.updateVariable", Pattern: "PUT /functions/{functionId}/variables/{variableId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "variableId"}, {Name: "key", Optional: true}, {Name: "value", Optional: true}, {Name: "secret", Type: Bool, Optional: true}}, Returns: "Variable"},
	{Name: "functions.deleteVariable", Pattern: "DELETE /functions/{functionId}/variables/{variableId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "functionId"}, {Name: "variableId"}}, Accept: NoAccept},
}
