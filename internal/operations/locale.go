package operations

// readsLocale is what the operations of the locale service ask of a caller.
var readsLocale = Endpoint{Scopes: []string{"locale.read"}, NoProject: true}

// locale are the operations that say where a caller is, and list names of
// places (contract section 11).
var locale = []Operation{
	{Name: "locale.get", Pattern: "GET /locale", Returns: "Locale", Lanes: byServer, Answer: "Locale", Endpoint: &readsLocale},
	{Name: "locale.listCodes", Pattern: "GET /locale/codes", Returns: "LocaleCodeList", Lanes: byServer, Answer: "LocaleCodeList", Endpoint: &readsLocale},
	{Name: "locale.listCountries", Pattern: "GET /locale/countries", Returns: "CountryList", Lanes: byServer, Answer: "CountryList", Endpoint: &readsLocale},
	{Name: "locale.listCountriesEU", Pattern: "GET /locale/countries/eu", Returns: "CountryList", Lanes: byServer, Answer: "CountryList", Endpoint: &readsLocale},
	{Name: "locale.listCountriesPhones", Pattern: "GET /locale/countries/phones", Returns: "PhoneList", Lanes: byServer, Answer: "PhoneList", Endpoint: &readsLocale},
	{Name: "locale.listContinents", Pattern: "GET /locale/continents", Returns: "ContinentList", Lanes: byServer, Answer: "ContinentList", Endpoint: &readsLocale},
	{Name: "locale.listCurrencies", Pattern: "GET /locale/currencies", Returns: "CurrencyList", Lanes: byServer, Answer: "CurrencyList", Endpoint: &readsLocale},
	{Name: "locale.listLanguages", Pattern: "GET /locale/languages", Returns: "LanguageList", Lanes: byServer, Answer: "LanguageList", Endpoint: &readsLocale},
}
