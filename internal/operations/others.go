package operations

// others are the operations of no service.
var others = []Operation{
	{Name: "ping", Pattern: "GET /ping", Lanes: nobody, Endpoint: &Endpoint{Scopes: []string{"global"}}},
}
