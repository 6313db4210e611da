package server

// otherHandlers answer the operations of no service.
var otherHandlers = handlers{
	"ping": (*call).ping,
}

// healthHandlers answer the operations of the health service (contract section
// 11).
var healthHandlers = handlers{
	"health.get":             (*call).getHealth,
	"health.getDB":           (*call).getHealthDB,
	"health.getAntivirus":    (*call).getHealthAntivirus,
	"health.getCache":        (*call).getHealthCache,
	"health.getPubSub":       (*call).getHealthPubSub,
	"health.getStorage":      (*call).getHealthStorage,
	"health.getStorageLocal": (*call).getHealthStorage,
	"health.getTime":         (*call).getHealthTime,
	"health.getVersion":      (*call).getVersion,
}

// localeHandlers answer the operations of the locale service.
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
