package server

// publicEndpoints are the operations that say something about the server and
// nothing about a user (contract section 11).
var publicEndpoints = map[string]endpoint{
	"ping": {pattern: "GET /ping", scope: scopeGlobal, handle: (*call).ping},

	"health.get":          {pattern: "GET /health", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealth},
	"health.getDB":        {pattern: "GET /health/db", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthDB},
	"health.getAntivirus": {pattern: "GET /health/anti-virus", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthAntivirus},
	"health.getVersion":   {pattern: "GET /health/version", scope: scopePublic, anywhere: true, handle: (*call).getVersion},

	"locale.get":                 {pattern: "GET /locale", scope: scopeLocaleRead, anywhere: true, handle: (*call).getLocale},
	"locale.listCodes":           {pattern: "GET /locale/codes", scope: scopeLocaleRead, anywhere: true, handle: (*call).listLocaleCodes},
	"locale.listCountries":       {pattern: "GET /locale/countries", scope: scopeLocaleRead, anywhere: true, handle: (*call).listCountries},
	"locale.listCountriesEU":     {pattern: "GET /locale/countries/eu", scope: scopeLocaleRead, anywhere: true, handle: (*call).listCountriesEU},
	"locale.listCountriesPhones": {pattern: "GET /locale/countries/phones", scope: scopeLocaleRead, anywhere: true, handle: notImplemented},
	"locale.listContinents":      {pattern: "GET /locale/continents", scope: scopeLocaleRead, anywhere: true, handle: (*call).listContinents},
	"locale.listCurrencies":      {pattern: "GET /locale/currencies", scope: scopeLocaleRead, anywhere: true, handle: notImplemented},
	"locale.listLanguages":       {pattern: "GET /locale/languages", scope: scopeLocaleRead, anywhere: true, handle: (*call).listLanguages},
}

// notImplemented answers for what a client may ask and this server lacks.
func notImplemented(*call) error { return fail(errNotImplemented) }
