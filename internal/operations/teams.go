package operations

// What the operations of teams ask of a caller.
var (
	teamsWriteScope = []string{"teams.write"}
	readsTeams      = Endpoint{Scopes: []string{"teams.read"}}
	writesTeams     = Endpoint{Scopes: teamsWriteScope}
)

// teams are the operations that put users in teams.
var teams = []Operation{
	{Name: "teams.list", Pattern: "GET /teams", Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "TeamList<Preferences>", Answer: "TeamList", Endpoint: &readsTeams},
	{Name: "teams.create", Pattern: "POST /teams", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "name"}, {Name: "roles", Type: Strings, Optional: true}}, Returns: "Team<Preferences>", Answer: "Team", Endpoint: &writesTeams},
	{Name: "teams.get", Pattern: "GET /teams/{teamId}", Lanes: anyone, Params: []Param{{Name: "teamId"}}, Returns: "Team<Preferences>", Answer: "Team", Endpoint: &readsTeams},
	{Name: "teams.updateName", Pattern: "PUT /teams/{teamId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "name"}}, Returns: "Team<Preferences>", Answer: "Team", Endpoint: &writesTeams},
	{Name: "teams.delete", Pattern: "DELETE /teams/{teamId}", Lanes: anyone, Params: []Param{{Name: "teamId"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesTeams},
	{Name: "teams.listInstallations", Pattern: "GET /teams/{teamId}/installations", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "AppInstallationList"},
	{Name: "teams.createInstallation", Pattern: "POST /teams/{teamId}/installations", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "appId"}, {Name: "authorizationDetails", Optional: true}}, Returns: "AppInstallation"},
	{Name: "teams.getInstallation", Pattern: "GET /teams/{teamId}/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "installationId"}}, Returns: "AppInstallation"},
	{Name: "teams.updateInstallation", Pattern: "PUT /teams/{teamId}/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "installationId"}, {Name: "authorizationDetails", Optional: true}}, Returns: "AppInstallation"},
	{Name: "teams.deleteInstallation", Pattern: "DELETE /teams/{teamId}/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "installationId"}}},
	{Name: "teams.listMemberships", Pattern: "GET /teams/{teamId}/memberships", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "MembershipList", Answer: "MembershipList", Endpoint: &readsTeams},
	{Name: "teams.createMembership", Pattern: "POST /teams/{teamId}/memberships", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "roles", Type: Strings}, {Name: "email", Optional: true}, {Name: "userId", Optional: true}, {Name: "phone", Optional: true}, {Name: "url", Optional: true}, {Name: "name", Optional: true}}, Order: []string{"email", "userId", "phone", "roles", "url", "name"}, Returns: "Membership", Answer: "Membership", Endpoint: &Endpoint{Scopes: teamsWriteScope, Limit: LimitInvitation, Method: Invites}},
	{Name: "teams.getMembership", Pattern: "GET /teams/{teamId}/memberships/{membershipId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "membershipId"}}, Returns: "Membership", Answer: "Membership", Endpoint: &readsTeams},
	{Name: "teams.updateMembership", Pattern: "PATCH /teams/{teamId}/memberships/{membershipId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "membershipId"}, {Name: "roles", Type: Strings}}, Returns: "Membership", Answer: "Membership", Endpoint: &writesTeams},
	{Name: "teams.deleteMembership", Pattern: "DELETE /teams/{teamId}/memberships/{membershipId}", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "membershipId"}}, Accept: NoAccept, Answer: "None", Endpoint: &writesTeams},
	{Name: "teams.updateMembershipStatus", Pattern: "PATCH /teams/{teamId}/memberships/{membershipId}/status", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "membershipId"}, {Name: "userId"}, {Name: "secret"}}, Effect: MaySignIn, Returns: "Membership", Answer: "Membership", Endpoint: &Endpoint{Scopes: publicScope}},
	{Name: "teams.getPrefs", Pattern: "GET /teams/{teamId}/prefs", Lanes: anyone, Params: []Param{{Name: "teamId"}}, Returns: "Preferences", Answer: "Preferences", Endpoint: &readsTeams},
	{Name: "teams.updatePrefs", Pattern: "PUT /teams/{teamId}/prefs", Lanes: anyone, Params: []Param{{Name: "teamId"}, {Name: "prefs", Type: Prefs}}, Returns: "Preferences", Answer: "Preferences", Endpoint: &writesTeams},
}
