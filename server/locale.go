package server

import (
	"net/http"

	"github.com/isojot/isojot/server/internal/locale"
	"github.com/isojot/isojot/server/internal/reach"
)

// localeHandlers answer the operations of the locale service (contract section
// 11).
var localeHandlers = handlers{
	"locale.get":                 (*call).getLocale,
	"locale.listCodes":           (*call).listLocaleCodes,
	"locale.listCountries":       (*call).listCountries,
	"locale.listCountriesEU":     (*call).listCountriesEU,
	"locale.listCountriesPhones": (*call).listPhones,
	"locale.listContinents":      (*call).listContinents,
	"locale.listCurrencies":      (*call).listCurrencies,
	"locale.listLanguages":       (*call).listLanguages,
}

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
	c.answer(http.StatusOK, localeJSON{IP: reach.ClientIP(c.r), CountryCode: locale.UnknownCode, Country: locale.UnknownPlace,
		ContinentCode: locale.UnknownCode, Continent: locale.UnknownPlace})
	return nil
}

// names are those in the caller's language: of X-Appwrite-Locale, else English.
func (c *call) names() locale.Names { return locale.In(c.locale()) }

// locale is the one that the request names, or "".
func (c *call) locale() string { return locale.Tag(c.r.Header.Get("X-Appwrite-Locale")) }

// countryListJSON is a list of countries.
type countryListJSON struct {
	Total     int            `json:"total"`
	Countries []locale.Place `json:"countries"`
}

// listCountries answers with the countries: GET /locale/countries.
func (c *call) listCountries() error {
	list := c.names().Countries()
	c.answer(http.StatusOK, countryListJSON{len(list), list})
	return nil
}

// listCountriesEU answers with those of the European Union:
// GET /locale/countries/eu.
func (c *call) listCountriesEU() error {
	list := c.names().CountriesEU()
	c.answer(http.StatusOK, countryListJSON{len(list), list})
	return nil
}

// listPhones answers with the calling codes of the countries, the lowest first:
// GET /locale/countries/phones.
func (c *call) listPhones() error {
	list := c.names().Phones()
	c.answer(http.StatusOK, struct {
		Total  int            `json:"total"`
		Phones []locale.Phone `json:"phones"`
	}{len(list), list})
	return nil
}

// listCurrencies answers with the currencies in use: GET /locale/currencies.
func (c *call) listCurrencies() error {
	list := locale.Currencies()
	c.answer(http.StatusOK, struct {
		Total      int               `json:"total"`
		Currencies []locale.Currency `json:"currencies"`
	}{len(list), list})
	return nil
}

// listContinents answers with the continents: GET /locale/continents.
func (c *call) listContinents() error {
	list := c.names().Continents()
	c.answer(http.StatusOK, struct {
		Total      int            `json:"total"`
		Continents []locale.Place `json:"continents"`
	}{len(list), list})
	return nil
}

// listLocaleCodes answers with the locales that names can be had in, for
// X-Appwrite-Locale: GET /locale/codes.
func (c *call) listLocaleCodes() error {
	list := locale.Codes()
	c.answer(http.StatusOK, struct {
		Total       int            `json:"total"`
		LocaleCodes []locale.Place `json:"localeCodes"`
	}{len(list), list})
	return nil
}

// listLanguages answers with the languages of ISO 639-1 with their names in
// English and, as far as they are known, in themselves:
// GET /locale/languages.
func (c *call) listLanguages() error {
	list := locale.Languages()
	c.answer(http.StatusOK, struct {
		Total     int               `json:"total"`
		Languages []locale.Language `json:"languages"`
	}{len(list), list})
	return nil
}
