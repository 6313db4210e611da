package operations

// organization are the operations that manage an organization and its projects.
var organization = []Operation{
	{Name: "organization.listInstallations", Pattern: "GET /organization/installations", Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "AppInstallationList"},
	{Name: "organization.createInstallation", Pattern: "POST /organization/installations", Lanes: anyone, Params: []Param{{Name: "appId"}, {Name: "authorizationDetails", Optional: true}}, Returns: "AppInstallation"},
	{Name: "organization.getInstallation", Pattern: "GET /organization/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "installationId"}}, Returns: "AppInstallation"},
	{Name: "organization.updateInstallation", Pattern: "PUT /organization/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "installationId"}, {Name: "authorizationDetails", Optional: true}}, Returns: "AppInstallation"},
	{Name: "organization.deleteInstallation", Pattern: "DELETE /organization/installations/{installationId}", Lanes: anyone, Params: []Param{{Name: "installationId"}}},
	{Name: "organization.get", Pattern: "GET /organization", Only: Server, Lanes: anyone, Returns: "Organization<Preferences>"},
	{Name: "organization.update", Pattern: "PUT /organization", Only: Server, Lanes: anyone, Params: []Param{{Name: "name"}}, Returns: "Organization<Preferences>"},
	{Name: "organization.delete", Pattern: "DELETE /organization", Only: Server, Lanes: anyone, Accept: NoAccept},
	{Name: "organization.listKeys", Pattern: "GET /organization/keys", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "KeyList"},
	{Name: "organization.createKey", Pattern: "POST /organization/keys", Only: Server, Lanes: anyone, Params: []Param{{Name: "keyId"}, {Name: "name"}, {Name: "scopes", Type: "OrganizationKeyScopes[]"}, {Name: "expire", Optional: true}}, Returns: "Key"},
	{Name: "organization.getKey", Pattern: "GET /organization/keys/{keyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "keyId"}}, Returns: "Key"},
	{Name: "organization.updateKey", Pattern: "PUT /organization/keys/{keyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "keyId"}, {Name: "name"}, {Name: "scopes", Type: "OrganizationKeyScopes[]"}, {Name: "expire", Optional: true}}, Returns: "Key"},
	{Name: "organization.deleteKey", Pattern: "DELETE /organization/keys/{keyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "keyId"}}, Accept: NoAccept},
	{Name: "organization.listMemberships", Pattern: "GET /organization/memberships", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "MembershipList"},
	{Name: "organization.createMembership", Pattern: "POST /organization/memberships", Only: Server, Lanes: anyone, Params: []Param{{Name: "roles", Type: Strings}, {Name: "email", Optional: true}, {Name: "userId", Optional: true}, {Name: "phone", Optional: true}, {Name: "url", Optional: true}, {Name: "name", Optional: true}}, Order: []string{"email", "userId", "phone", "roles", "url", "name"}, Returns: "Membership"},
	{Name: "organization.getMembership", Pattern: "GET /organization/memberships/{membershipId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "membershipId"}}, Returns: "Membership"},
	{Name: "organization.updateMembership", Pattern: "PATCH /organization/memberships/{membershipId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "membershipId"}, {Name: "roles", Type: Strings}}, Returns: "Membership"},
	{Name: "organization.deleteMembership", Pattern: "DELETE /organization/memberships/{membershipId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "membershipId"}}, Accept: NoAccept},
	{Name: "organization.listProjects", Pattern: "GET /organization/projects", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}, {Name: "search", Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "ProjectList"},
	{Name: "organization.createProject", Pattern: "POST /organization/projects", Only: Server, Lanes: anyone, Params: []Param{{Name: "projectId"}, {Name: "name"}, {Name: "region", Type: "Region", Optional: true}}, Returns: "Project"},
	{Name: "organization.getProject", Pattern: "GET /organization/projects/{projectId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "projectId"}}, Accept: NoAccept, Returns: "Project"},
	{Name: "organization.updateProject", Pattern: "PATCH /organization/projects/{projectId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "projectId"}, {Name: "name"}}, Returns: "Project"},
	{Name: "organization.deleteProject", Pattern: "DELETE /organization/projects/{projectId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "projectId"}}, Accept: NoAccept},
}
