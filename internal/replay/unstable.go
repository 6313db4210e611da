package replay

import "regexp"

// unstable are forms of values that differ from run to run, and what a
// difference says instead of them; the more particular come first.
var unstable = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`eyJpZCI6[A-Za-z0-9+/]{40,}`), "<store>"},
	{regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`), "<jwt>"},
	{regexp.MustCompile(`\$argon2id\$[^"]+`), "<password hash>"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00`), "<date>"},
	{regexp.MustCompile(`\b[0-9a-f]{64,}\b`), "<hex>"},
	{regexp.MustCompile(`\b[0-9a-f]{20}\b`), "<id>"},
	{regexp.MustCompile(`"duration":[0-9.e-]+`), `"duration":<took>`},
}
