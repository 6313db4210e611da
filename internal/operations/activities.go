package operations

// activities are the operations that list what happened in a project.
var activities = []Operation{
	{Name: "activities.listEvents", Pattern: "GET /activities/events", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Optional: true}}, Returns: "ActivityEventList"},
	{Name: "activities.getEvent", Pattern: "GET /activities/events/{eventId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "eventId"}}, Returns: "ActivityEvent"},
}
