package operations

// webhooks are the operations that call a URL when something happens.
var webhooks = []Operation{
	{Name: "webhooks.list", Pattern: "GET /webhooks", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "WebhookList"},
	{Name: "webhooks.create", Pattern: "POST /webhooks", Only: Server, Lanes: anyone, Params: []Param{{Name: "webhookId"}, {Name: "url"}, {Name: "name"}, {Name: "events", Type: Strings}, {Name: "enabled", Type: Bool, Optional: true}, {Name: "tls", Type: Bool, Optional: true}, {Name: "authUsername", Optional: true}, {Name: "authPassword", Optional: true}, {Name: "secret", Optional: true}}, Returns: "Webhook"},
	{Name: "webhooks.get", Pattern: "GET /webhooks/{webhookId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "webhookId"}}, Returns: "Webhook"},
	{Name: "webhooks.update", Pattern: "PUT /webhooks/{webhookId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "webhookId"}, {Name: "name"}, {Name: "url"}, {Name: "events", Type: Strings}, {Name: "enabled", Type: Bool, Optional: true}, {Name: "tls", Type: Bool, Optional: true}, {Name: "authUsername", Optional: true}, {Name: "authPassword", Optional: true}}, Returns: "Webhook"},
	{Name: "webhooks.delete", Pattern: "DELETE /webhooks/{webhookId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "webhookId"}}, Accept: NoAccept},
	{Name: "webhooks.updateSecret", Pattern: "PATCH /webhooks/{webhookId}/secret", Only: Server, Lanes: anyone, Params: []Param{{Name: "webhookId"}, {Name: "secret", Optional: true}}, Returns: "Webhook"},
}
