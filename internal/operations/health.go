package operations

// watched is what the operations of the health service ask of a caller.
var watched = Endpoint{Scopes: []string{"health.read"}, NoProject: true}

// health are the operations that say how the server is (contract section 11).
var health = []Operation{
	{Name: "health.get", Pattern: "GET /health", Answer: "HealthStatus", Endpoint: &watched},
	{Name: "health.getDB", Pattern: "GET /health/db", Answer: "HealthStatusList", Endpoint: &watched},
	{Name: "health.getAntivirus", Pattern: "GET /health/anti-virus", Answer: "HealthAntivirus", Endpoint: &watched},
	{Name: "health.getCache", Pattern: "GET /health/cache", Answer: "HealthStatusList", Endpoint: &watched},
	{Name: "health.getPubSub", Pattern: "GET /health/pubsub", Answer: "HealthStatusList", Endpoint: &watched},
	{Name: "health.getStorage", Pattern: "GET /health/storage", Answer: "HealthStatus", Endpoint: &watched},
	{Name: "health.getStorageLocal", Pattern: "GET /health/storage/local", Answer: "HealthStatus", Endpoint: &watched},
	{Name: "health.getTime", Pattern: "GET /health/time", Answer: "HealthTime", Endpoint: &watched},
	{Name: "health.getVersion", Pattern: "GET /health/version", Answer: "HealthVersion", Endpoint: &Endpoint{Scopes: []string{"public"}, NoProject: true}},
}
