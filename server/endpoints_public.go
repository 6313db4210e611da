package server

// publicEndpoints are the operations that say something about the server and
// nothing about a user (contract section 11).
var publicEndpoints = map[string]endpoint{
	"ping": {scope: scopeGlobal, handle: (*call).ping},

	"health.get":             {pattern: "GET /health", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealth},
	"health.getDB":           {pattern: "GET /health/db", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthDB},
	"health.getAntivirus":    {pattern: "GET /health/anti-virus", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthAntivirus},
	"health.getCache":        {pattern: "GET /health/cache", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthCache},
	"health.getPubSub":       {pattern: "GET /health/pubsub", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthPubSub},
	"health.getStorage":      {pattern: "GET /health/storage", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthStorage},
	"health.getStorageLocal": {pattern: "GET /health/storage/local", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthStorage},
	"health.getTime":         {pattern: "GET /health/time", scope: scopeHealthRead, anywhere: true, handle: (*call).getHealthTime},
	"health.getVersion":      {pattern: "GET /health/version", scope: scopePublic, anywhere: true, handle: (*call).getVersion},

	"locale.get":                 {pattern: "GET /locale", scope: scopeLocaleRead, anywhere: true, handle: (*call).getLocale},
	"locale.listCodes":           {pattern: "GET /locale/codes", scope: scopeLocaleRead, anywhere: true, handle: (*call).listLocaleCodes},
	"locale.listCountries":       {pattern: "GET /locale/countries", scope: scopeLocaleRead, anywhere: true, handle: (*call).listCountries},
	"locale.listCountriesEU":     {pattern: "GET /locale/countries/eu", scope: scopeLocaleRead, anywhere: true, handle: (*call).listCountriesEU},
	"locale.listCountriesPhones": {pattern: "GET /locale/countries/phones", scope: scopeLocaleRead, anywhere: true, handle: (*call).listPhones},
	"locale.listContinents":      {pattern: "GET /locale/continents", scope: scopeLocaleRead, anywhere: true, handle: (*call).listContinents},
	"locale.listCurrencies":      {pattern: "GET /locale/currencies", scope: scopeLocaleRead, anywhere: true, handle: (*call).listCurrencies},
	"locale.listLanguages":       {pattern: "GET /locale/languages", scope: scopeLocaleRead, anywhere: true, handle: (*call).listLanguages},
}
