package operations

// backups are the operations that back databases up and restore them.
var backups = []Operation{
	{Name: "backups.listArchives", Pattern: "GET /backups/archives", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}}, Returns: "BackupArchiveList"},
	{Name: "backups.createArchive", Pattern: "POST /backups/archives", Only: Server, Lanes: anyone, Params: []Param{{Name: "services", Type: "BackupServices[]"}, {Name: "resourceId", Optional: true}}, Returns: "BackupArchive"},
	{Name: "backups.getArchive", Pattern: "GET /backups/archives/{archiveId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "archiveId"}}, Returns: "BackupArchive"},
	{Name: "backups.deleteArchive", Pattern: "DELETE /backups/archives/{archiveId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "archiveId"}}},
	{Name: "backups.listPolicies", Pattern: "GET /backups/policies", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}}, Returns: "BackupPolicyList"},
	{Name: "backups.createPolicy", Pattern: "POST /backups/policies", Only: Server, Lanes: anyone, Params: []Param{{Name: "policyId"}, {Name: "services", Type: "BackupServices[]"}, {Name: "retention", Type: Int}, {Name: "schedule"}, {Name: "name", Optional: true}, {Name: "resourceId", Optional: true}, {Name: "enabled", Type: Bool, Optional: true}}, Order: []string{"policyId", "name", "services", "resourceId", "enabled", "retention", "schedule"}, Returns: "BackupPolicy"},
	{Name: "backups.getPolicy", Pattern: "GET /backups/policies/{policyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "policyId"}}, Returns: "BackupPolicy"},
	{Name: "backups.updatePolicy", Pattern: "PATCH /backups/policies/{policyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "policyId"}, {Name: "name", Optional: true}, {Name: "retention", Type: Int, Optional: true}, {Name: "schedule", Optional: true}, {Name: "enabled", Type: Bool, Optional: true}}, Returns: "BackupPolicy"},
	{Name: "backups.deletePolicy", Pattern: "DELETE /backups/policies/{policyId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "policyId"}}},
	{Name: "backups.createRestoration", Pattern: "POST /backups/restoration", Only: Server, Lanes: anyone, Params: []Param{{Name: "archiveId"}, {Name: "services", Type: "BackupServices[]"}, {Name: "newResourceId", Optional: true}, {Name: "newResourceName", Optional: true}}, Returns: "BackupRestoration"},
	{Name: "backups.listRestorations", Pattern: "GET /backups/restorations", Only: Server, Lanes: anyone, Params: []Param{{Name: "queries", Type: Strings, Optional: true}}, Returns: "BackupRestorationList"},
	{Name: "backups.getRestoration", Pattern: "GET /backups/restorations/{restorationId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "restorationId"}}, Returns: "BackupRestoration"},
}
