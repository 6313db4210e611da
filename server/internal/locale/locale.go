// Package locale knows countries, continents, languages and currencies, and what
// they are called in the languages of the Unicode CLDR.
package locale

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Where a caller is: this server has no data of places of addresses.
const (
	UnknownCode  = "--"
	UnknownPlace = "Unknown"
)

// Place is a country, continent or locale.
type Place struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

// Phone is the calling code of a country.
type Phone struct {
	Code        string `json:"code"`
	CountryCode string `json:"countryCode"`
	CountryName string `json:"countryName"`
}

// Currency is a currency. Rounding is in units of the currency; 0 is to the
// last decimal digit.
type Currency struct {
	Symbol        string  `json:"symbol"`
	Name          string  `json:"name"`
	SymbolNative  string  `json:"symbolNative"`
	DecimalDigits int     `json:"decimalDigits"`
	Rounding      float64 `json:"rounding"`
	Code          string  `json:"code"`
	NamePlural    string  `json:"namePlural"`
}

// Language is a language.
type Language struct {
	Name       string `json:"name"`
	Code       string `json:"code"`
	NativeName string `json:"nativeName"`
}

// maxTag bounds the tag of a locale, in bytes (RFC 5646 section 4.4.1): reading one
// takes a time that grows by the square of its length.
const maxTag = 35

// Tag is the locale that a caller names; "" for none, which one longer than any that
// is in use counts as.
func Tag(named string) string {
	if len(named) > maxTag {
		return ""
	}
	return named
}

// matcher finds the locale whose names are at hand, English first. It takes some
// milliseconds to make, which few servers need.
var matcher = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher(append([]language.Tag{language.English}, display.Supported.Tags()...))
})

// Names are the names of regions in one language.
type Names struct{ locale language.Tag }

// In are the names in the language that is closest to a locale, such as de-AT:
// in English where none is.
func In(locale string) Names {
	tag, _, _ := matcher().Match(language.Make(locale))
	return Names{tag}
}

// regions gives the names of regions by their codes.
func (n Names) regions() func(code string) string {
	names := display.Regions(n.locale)
	base, _ := n.locale.Base()
	english := base.String() == "en"
	return func(code string) string {
		if name, ok := englishNames[code]; ok && english {
			return name
		}
		return names.Name(language.MustParseRegion(code))
	}
}

// places are the regions of those codes, sorted by the bytes of their names, as
// in Appwrite; code gives the code that the place has.
func (n Names) places(regions []string, code func(string) string) []Place {
	name := n.regions()
	places := make([]Place, len(regions))
	for i, r := range regions {
		places[i] = Place{name(r), code(r)}
	}
	slices.SortFunc(places, func(a, b Place) int { return strings.Compare(a.Name, b.Name) })
	return places
}

// same is a code that is the region's own.
func same(code string) string { return code }

// Countries returns the countries.
func (n Names) Countries() []Place { return n.places(countries, same) }

// CountriesEU returns the countries of the European Union.
func (n Names) CountriesEU() []Place { return n.places(countriesEU, same) }

// Continents returns the continents.
func (n Names) Continents() []Place {
	regions := make([]string, 0, len(continents))
	for r := range continents {
		regions = append(regions, r)
	}
	return n.places(regions, func(r string) string { return continents[r] })
}

// Phones returns the calling codes of the countries, the lowest first.
func (n Names) Phones() []Phone {
	list, name := []Phone{}, n.regions()
	for pair := range slices.Chunk(callingCodes, 2) {
		list = append(list, Phone{"+" + pair[1], pair[0], name(pair[0])})
	}
	slices.SortFunc(list, func(a, b Phone) int {
		return cmp.Or(cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.CountryName, b.CountryName))
	})
	return list
}

// Currencies returns the currencies in use. The list must not be changed.
func Currencies() []Currency { return currencies }

// Codes returns the locales that names can be had in, with their names in
// English.
func Codes() []Place {
	list := []Place{}
	names := display.English.Tags()
	for _, tag := range display.Supported.Tags() {
		list = append(list, Place{names.Name(tag), strings.ToLower(tag.String())})
	}
	return list
}

// Languages returns the languages of ISO 639-1 with their names in English and,
// as far as they are known, in themselves.
func Languages() []Language {
	list := []Language{}
	names := display.English.Languages()
	for _, code := range languageCodes() {
		base := language.MustParseBase(code)
		name, native := names.Name(base), display.Self.Name(language.Make(code))
		if native == "" {
			native = name
		}
		list = append(list, Language{name, code, native})
	}
	return list
}
