// Package credential tells which fields of structs are credentials, for the
// generators of what prints them masked and of the tests of that. No program
// links it.
package credential

import (
	"reflect"
	"regexp"
)

var name = regexp.MustCompile(`(Secret|JWT|Key|Password|Token|Cookie|Credential|Fallback|Private|Salt|SaltSeparator|Headers|OTP|ConnectionString|ServiceAccountJSON)s?$`)

// Named reports whether a field of that name and tag is a credential. A tag
// mask:"-" says that it is none: a column's key is its name.
func Named(field string, tag reflect.StructTag) bool {
	return name.MatchString(field) && tag.Get("mask") != "-"
}
