package locale

import (
	"regexp"
	"testing"

	"golang.org/x/text/language"
)

func TestTables(t *testing.T) {
	t.Parallel()
	for _, code := range append(countries, countriesEU...) {
		if r, err := language.ParseRegion(code); err != nil || !r.IsCountry() || r.String() != code {
			t.Errorf("%s is no country: %v", code, err)
		}
	}
	for _, code := range languageCodes() {
		if !regexp.MustCompile(`^[a-z]{2}$`).MatchString(code) || withdrawn[code] {
			t.Errorf("%q is no code of ISO 639-1", code)
		}
	}
}
