package operations

// tokens are the operations that make tokens for files.
var tokens = []Operation{
	{Name: "tokens.list", Pattern: "GET /tokens/buckets/{bucketId}/files/{fileId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "bucketId"}, {Name: "fileId"}, {Name: "queries", Type: Strings, Optional: true}, {Name: "total", Type: Bool, Optional: true}}, Returns: "ResourceTokenList"},
	{Name: "tokens.createFileToken", Pattern: "POST /tokens/buckets/{bucketId}/files/{fileId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "bucketId"}, {Name: "fileId"}, {Name: "expire", Optional: true}}, Returns: "ResourceToken"},
	{Name: "tokens.get", Pattern: "GET /tokens/{tokenId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "tokenId"}}, Returns: "ResourceToken"},
	{Name: "tokens.update", Pattern: "PATCH /tokens/{tokenId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "tokenId"}, {Name: "expire", Optional: true}}, Returns: "ResourceToken"},
	{Name: "tokens.delete", Pattern: "DELETE /tokens/{tokenId}", Only: Server, Lanes: anyone, Params: []Param{{Name: "tokenId"}}, Accept: NoAccept},
}
