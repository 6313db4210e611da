package server

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Where a caller is: this server has no data of places of addresses.
const (
	unknownCode  = "--"
	unknownPlace = "Unknown"
)

// localeJSON is where a caller is.
type localeJSON struct {
	IP            string `json:"ip"`
	CountryCode   string `json:"countryCode"`
	Country       string `json:"country"`
	ContinentCode string `json:"continentCode"`
	Continent     string `json:"continent"`
	EU            bool   `json:"eu"`
	Currency      string `json:"currency"`
}

// getLocale answers with the caller's address and, always, an unknown place:
// GET /locale.
func (c *call) getLocale() error {
	c.answer(http.StatusOK, localeJSON{IP: clientIP(c.r), CountryCode: unknownCode, Country: unknownPlace,
		ContinentCode: unknownCode, Continent: unknownPlace})
	return nil
}

// placeJSON is a country, continent or locale.
type placeJSON struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

// languageJSON is a language.
type languageJSON struct {
	Name       string `json:"name"`
	Code       string `json:"code"`
	NativeName string `json:"nativeName"`
}

// locales finds the locale whose names are at hand, English first.
var locales = language.NewMatcher(append([]language.Tag{language.English}, display.Supported.Tags()...))

// locale is the caller's: of X-Appwrite-Locale, else English.
func (c *call) locale() language.Tag {
	tag, _, _ := locales.Match(language.Make(c.r.Header.Get("X-Appwrite-Locale")))
	return tag
}

// places are the regions of those codes with their names in the caller's
// language, sorted by them; codes gives the code that the answer has.
func (c *call) places(regions []string, code func(string) string) []placeJSON {
	names := display.Regions(c.locale())
	places := make([]placeJSON, len(regions))
	for i, r := range regions {
		places[i] = placeJSON{names.Name(language.MustParseRegion(r)), code(r)}
	}
	order := collate.New(c.locale())
	slices.SortFunc(places, func(a, b placeJSON) int { return order.CompareString(a.Name, b.Name) })
	return places
}

// same is a code that is the region's own.
func same(code string) string { return code }

// countryListJSON is a list of countries.
type countryListJSON struct {
	Total     int         `json:"total"`
	Countries []placeJSON `json:"countries"`
}

// listCountries answers with the countries: GET /locale/countries.
func (c *call) listCountries() error {
	list := c.places(countries, same)
	c.answer(http.StatusOK, countryListJSON{len(list), list})
	return nil
}

// listCountriesEU answers with those of the European Union:
// GET /locale/countries/eu.
func (c *call) listCountriesEU() error {
	list := c.places(countriesEU, same)
	c.answer(http.StatusOK, countryListJSON{len(list), list})
	return nil
}

// listContinents answers with the continents: GET /locale/continents.
func (c *call) listContinents() error {
	regions := make([]string, 0, len(continents))
	for r := range continents {
		regions = append(regions, r)
	}
	list := c.places(regions, func(r string) string { return continents[r] })
	c.answer(http.StatusOK, struct {
		Total      int         `json:"total"`
		Continents []placeJSON `json:"continents"`
	}{len(list), list})
	return nil
}

// listLocaleCodes answers with the locales that names can be had in, for
// X-Appwrite-Locale: GET /locale/codes.
func (c *call) listLocaleCodes() error {
	list := []placeJSON{}
	names := display.English.Tags()
	for _, tag := range display.Supported.Tags() {
		list = append(list, placeJSON{names.Name(tag), strings.ToLower(tag.String())})
	}
	c.answer(http.StatusOK, struct {
		Total       int         `json:"total"`
		LocaleCodes []placeJSON `json:"localeCodes"`
	}{len(list), list})
	return nil
}

// listLanguages answers with the languages of ISO 639-1 with their names in
// English and, as far as they are known, in themselves:
// GET /locale/languages.
func (c *call) listLanguages() error {
	list := []languageJSON{}
	names := display.English.Languages()
	for _, code := range languageCodes() {
		base := language.MustParseBase(code)
		name, native := names.Name(base), display.Self.Name(language.Make(code))
		if native == "" {
			native = name
		}
		list = append(list, languageJSON{name, code, native})
	}
	c.answer(http.StatusOK, struct {
		Total     int            `json:"total"`
		Languages []languageJSON `json:"languages"`
	}{len(list), list})
	return nil
}
