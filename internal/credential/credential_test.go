package credential

import (
	"reflect"
	"testing"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		field string
		tag   reflect.StructTag
		want  bool
	}{
		{"Secret", "", true}, {"AuthKeys", `json:"authKeys"`, true}, {"Credentials", "", true}, {"Key", `mask:"-"`, false}, {"KeyID", "", false}, {"Name", "", false},
	} {
		if got := Named(tc.field, tc.tag); got != tc.want {
			t.Errorf("%s %s: %t, want %t", tc.field, tc.tag, got, tc.want)
		}
	}
}
