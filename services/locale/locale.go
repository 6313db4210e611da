// Package locale is the service that says where a caller is, and that lists
// the names of countries, languages and the like:
//
//	countries, err := locale.New(client).ListCountries(ctx)
//
// Names are in the language of the client (isojot.WithLocale), English unless
// it says otherwise. A client with an API key is asked as a server, and the key
// needs the scope locale.read; everybody else is asked as a guest. Every error
// is an *isojot.Error.
package locale

import (
	"context"

	"github.com/isojot/isojot"
)

// Service is the locale service of a client.
type Service struct{ client *isojot.Client }

// New returns the service of the client. Nothing is sent yet.
func New(client *isojot.Client) *Service { return &Service{client} }

// Locale is where a caller is.
type Locale struct {
	IP string `json:"ip"`
	// CountryCode is of two letters, "--" where the country is unknown.
	CountryCode string `json:"countryCode"`
	Country     string `json:"country"`
	// ContinentCode is of two letters, "--" where the continent is unknown.
	ContinentCode string `json:"continentCode"`
	Continent     string `json:"continent"`
	// EU reports whether the country is of the European Union.
	EU bool `json:"eu"`
	// Currency is the country's, of three letters; "" where it is unknown.
	Currency string `json:"currency"`
}

// Get returns where the caller is, by the address that the request comes from.
func (s *Service) Get(ctx context.Context) (*Locale, error) { return get[Locale](ctx, s, opGet) }

// Code is a locale that names can be had in.
type Code struct {
	Code string `json:"code"` // such as "pt-br"
	Name string `json:"name"`
}

// CodeList holds all locales.
type CodeList struct {
	Total int    `json:"total"`
	Codes []Code `json:"localeCodes"`
}

// ListCodes returns the locales that names can be had in.
func (s *Service) ListCodes(ctx context.Context) (*CodeList, error) {
	return get[CodeList](ctx, s, opListCodes)
}

// Country is a country.
type Country struct {
	Code string `json:"code"` // ISO 3166-1, two letters
	Name string `json:"name"`
}

// CountryList holds countries, by name.
type CountryList struct {
	Total     int       `json:"total"`
	Countries []Country `json:"countries"`
}

// ListCountries returns all countries.
func (s *Service) ListCountries(ctx context.Context) (*CountryList, error) {
	return get[CountryList](ctx, s, opListCountries)
}

// ListCountriesEU returns the countries of the European Union.
func (s *Service) ListCountriesEU(ctx context.Context) (*CountryList, error) {
	return get[CountryList](ctx, s, opListCountriesEU)
}

// Phone is the calling code of a country.
type Phone struct {
	Code        string `json:"code"` // such as "+49"
	CountryCode string `json:"countryCode"`
	CountryName string `json:"countryName"`
}

// PhoneList holds calling codes, the lowest first.
type PhoneList struct {
	Total  int     `json:"total"`
	Phones []Phone `json:"phones"`
}

// ListCountriesPhones returns the calling codes of all countries.
func (s *Service) ListCountriesPhones(ctx context.Context) (*PhoneList, error) {
	return get[PhoneList](ctx, s, opListCountriesPhones)
}

// Continent is a continent.
type Continent struct {
	Code string `json:"code"` // two letters
	Name string `json:"name"`
}

// ContinentList holds continents, by name.
type ContinentList struct {
	Total      int         `json:"total"`
	Continents []Continent `json:"continents"`
}

// ListContinents returns the continents.
func (s *Service) ListContinents(ctx context.Context) (*ContinentList, error) {
	return get[ContinentList](ctx, s, opListContinents)
}

// Currency is a currency.
type Currency struct {
	Code         string `json:"code"` // ISO 4217, three letters
	Name         string `json:"name"`
	NamePlural   string `json:"namePlural"`
	Symbol       string `json:"symbol"`
	SymbolNative string `json:"symbolNative"`
	// DecimalDigits are those of its amounts.
	DecimalDigits int `json:"decimalDigits"`
	// Rounding is what amounts in cash are a multiple of, 0 for any amount.
	Rounding float64 `json:"rounding"`
}

// CurrencyList holds currencies.
type CurrencyList struct {
	Total      int        `json:"total"`
	Currencies []Currency `json:"currencies"`
}

// ListCurrencies returns the currencies in use.
func (s *Service) ListCurrencies(ctx context.Context) (*CurrencyList, error) {
	return get[CurrencyList](ctx, s, opListCurrencies)
}

// Language is a language.
type Language struct {
	Code       string `json:"code"` // ISO 639-1, two letters
	Name       string `json:"name"`
	NativeName string `json:"nativeName"` // in the language itself
}

// LanguageList holds languages.
type LanguageList struct {
	Total     int        `json:"total"`
	Languages []Language `json:"languages"`
}

// ListLanguages returns the languages.
func (s *Service) ListLanguages(ctx context.Context) (*LanguageList, error) {
	return get[LanguageList](ctx, s, opListLanguages)
}

// get performs an operation without parameters.
func get[T any](ctx context.Context, s *Service, operation isojot.Operation) (*T, error) {
	return isojot.DoJSON[T](ctx, s.client, operation, isojot.Params{})
}
