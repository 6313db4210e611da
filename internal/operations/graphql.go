package operations

// graphql are the operations that carry others (contract section 14). Both
// paths take queries and mutations, as in Appwrite. The operations in a request
// are checked, limited and counted one by one, as if they had come alone.
var graphql = []Operation{
	{
		Name: "graphql.query", Pattern: "POST /graphql", Lanes: anyone, Effect: Envelope,
		Params: []Param{{Name: "query", Type: Object}}, Endpoint: &Endpoint{},
	},
	{
		Name: "graphql.mutation", Pattern: "POST /graphql/mutation", Lanes: anyone, Effect: Envelope,
		Params: []Param{{Name: "query", Type: Object}}, Endpoint: &Endpoint{},
	},
	{
		Name: "graphql.get", Pattern: "GET /graphql", Effect: Envelope,
		Params: []Param{{Name: "query"}, {Name: "operationName", Optional: true}, {Name: "variables", Optional: true}}, Endpoint: &Endpoint{},
	},
}
