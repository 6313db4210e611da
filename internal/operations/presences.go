package operations

// presences are the operations that say who is there.
var presences = []Operation{
	{Name: "presences.list", Pattern: "GET /presences", Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}, {Name: "ttl", Type: Int, Optional: true}}, Returns: "PresenceList"},
	{Name: "presences.get", Pattern: "GET /presences/{presenceId}", Lanes: anyone, Params: []Param{{Name: "presenceId"}}, Returns: "Presence"},
	{Name: "presences.upsert", Pattern: "PUT /presences/{presenceId}", Lanes: anyone, Params: []Param{{Name: "presenceId"}, {Name: "userId", Only: Server}, {Name: "status"}, {Name: "permissions", Type: Strings, Optional: true}, {Name: "expiresAt", Optional: true}, {Name: "metadata", Type: Object, Optional: true}}, Returns: "Presence"},
	{Name: "presences.update", Pattern: "PATCH /presences/{presenceId}", Lanes: anyone, Params: []Param{{Name: "presenceId"}, {Name: "userId", Only: Server}, {Name: "status", Optional: true}, {Name: "expiresAt", Optional: true}, {Name: "metadata", Type: Object, Optional: true}, {Name: "permissions", Type: Strings, Optional: true}, {Name: "purge", Type: Bool, Optional: true}}, Returns: "Presence"},
	{Name: "presences.delete", Pattern: "DELETE /presences/{presenceId}", Lanes: anyone, Params: []Param{{Name: "presenceId"}}, Accept: NoAccept},
}
