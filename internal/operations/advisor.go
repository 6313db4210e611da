package operations

// advisor are the operations that report on how a project could be better.
var advisor = []Operation{
	{Name: "advisor.listReports", Pattern: "GET /reports", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "ReportList"},
	{Name: "advisor.getReport", Pattern: "GET /reports/{reportId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "reportId"}}, Returns: "Report"},
	{Name: "advisor.deleteReport", Pattern: "DELETE /reports/{reportId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "reportId"}}, Accept: NoAccept},
	{Name: "advisor.listInsights", Pattern: "GET /reports/{reportId}/insights", Only: Server, Lanes: anyone, Params: []Param{{Name: "reportId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "InsightList"},
	{Name: "advisor.getInsight", Pattern: "GET /reports/{reportId}/insights/{insightId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "reportId"}, {Name: "insightId"}}, Returns: "Insight"},
}
