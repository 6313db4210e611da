package server

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

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

// locales finds the locale whose names are at hand, English first. It takes some
// milliseconds to make, which few servers need.
var locales = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher(append([]language.Tag{language.English}, display.Supported.Tags()...))
})

// locale is the caller's: of X-Appwrite-Locale, else English.
func (c *call) locale() language.Tag {
	tag, _, _ := locales().Match(language.Make(c.r.Header.Get("X-Appwrite-Locale")))
	return tag
}

// regionNames gives the names of regions in the caller's language.
func (c *call) regionNames() func(code string) string {
	locale := c.locale()
	names := display.Regions(locale)
	base, _ := locale.Base()
	english := base.String() == "en"
	return func(code string) string {
		if name, ok := englishNames[code]; ok && english {
			return name
		}
		return names.Name(language.MustParseRegion(code))
	}
}

// places are the regions of those codes with their names in the caller's
// language, sorted by the bytes of these, as in Appwrite; code gives the code
// that the answer has.
func (c *call) places(regions []string, code func(string) string) []placeJSON {
	name := c.regionNames()
	places := make([]placeJSON, len(regions))
	for i, r := range regions {
		places[i] = placeJSON{name(r), code(r)}
	}
	slices.SortFunc(places, func(a, b placeJSON) int { return strings.Compare(a.Name, b.Name) })
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

// phoneJSON is the calling code of a country.
type phoneJSON struct {
	Code        string `json:"code"`
	CountryCode string `json:"countryCode"`
	CountryName string `json:"countryName"`
}

// listPhones answers with the calling codes of the countries, the lowest first:
// GET /locale/countries/phones.
func (c *call) listPhones() error {
	list, name := []phoneJSON{}, c.regionNames()
	for pair := range slices.Chunk(callingCodes, 2) {
		list = append(list, phoneJSON{"+" + pair[1], pair[0], name(pair[0])})
	}
	slices.SortFunc(list, func(a, b phoneJSON) int {
		return cmp.Or(cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.CountryName, b.CountryName))
	})
	c.answer(http.StatusOK, struct {
		Total  int         `json:"total"`
		Phones []phoneJSON `json:"phones"`
	}{len(list), list})
	return nil
}

// currencyJSON is a currency. Rounding is in units of the currency; 0 is to the
// last decimal digit.
type currencyJSON struct {
	Symbol        string  `json:"symbol"`
	Name          string  `json:"name"`
	SymbolNative  string  `json:"symbolNative"`
	DecimalDigits int     `json:"decimalDigits"`
	Rounding      float64 `json:"rounding"`
	Code          string  `json:"code"`
	NamePlural    string  `json:"namePlural"`
}

// listCurrencies answers with the currencies in use: GET /locale/currencies.
func (c *call) listCurrencies() error {
	c.answer(http.StatusOK, struct {
		Total      int            `json:"total"`
		Currencies []currencyJSON `json:"currencies"`
	}{len(currencies), currencies})
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
