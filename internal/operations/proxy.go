package operations

// proxy are the operations that manage rules for domains.
var proxy = []Operation{
	{Name: "proxy.listRules", Pattern: "GET /proxy/rules", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "ProxyRuleList"},
	{Name: "proxy.createAPIRule", Pattern: "POST /proxy/rules/api", Only: Server, Lanes: anyone, Params: []Param{{Name: "domain"}}, Returns: "ProxyRule"},
	{Name: "proxy.createFunctionRule", Pattern: "POST /proxy/rules/function", Only: Server, Lanes: anyone, Params: []Param{{Name: "domain"}, {Name: "functionId"}, {Name: "branch", Optional: true}}, Returns: "ProxyRule"},
	{Name: "proxy.createRedirectRule", Pattern: "POST /proxy/rules/redirect", Only: Server, Lanes: anyone, Params: []Param{{Name: "domain"}, {Name: "url"}, {Name: "statusCode", Type: "StatusCode"}, {Name: "resourceId"}, {Name: "resourceType", Type: "ProxyResourceType"}}, Returns: "ProxyRule"},
	{Name: "proxy.createSiteRule", Pattern: "POST /proxy/rules/site", Only: Server, Lanes: anyone, Params: []Param{{Name: "domain"}, {Name: "siteId"}, {Name: "branch", Optional: true}}, Returns: "ProxyRule"},
	{Name: "proxy.getRule", Pattern: "GET /proxy/rules/{ruleId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "ruleId"}}, Returns: "ProxyRule"},
	{Name: "proxy.deleteRule", Pattern: "DELETE /proxy/rules/{ruleId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "ruleId"}}, Accept: NoAccept},
	{Name: "proxy.updateRuleStatus", Pattern: "PATCH /proxy/rules/{ruleId}/status", Only: Server, Lanes: anyone, Params: []Param{{Name: "ruleId"}}, Returns: "ProxyRule"},
}
