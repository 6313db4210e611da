package server

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// countries are the members and observers of the United Nations, Kosovo and
// Taiwan, by ISO 3166.
var countries = strings.Fields(`
	AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN
	CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT
	HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
	MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS
	RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY
	UZ VA VC VE VN VU WS XK YE ZA ZM ZW`)

// countriesEU are the members of the European Union since 2020.
var countriesEU = strings.Fields(`
	AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK`)

// continents are the codes of the continents by those of UN M.49, and of ISO
// 3166 for the one that M.49 gives no group.
var continents = map[string]string{
	"002": "AF", "AQ": "AN", "142": "AS", "150": "EU", "003": "NA", "009": "OC", "005": "SA",
}

// languageCodes are the codes of two letters that ISO 639-1 has, in order.
// Those that were withdrawn are not among them.
var languageCodes = sync.OnceValue(func() []string {
	var codes []string
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			code := string([]rune{a, b})
			base, err := language.ParseBase(code)
			if err == nil && language.Make(code).String() == code && base.String() == code && !withdrawn[code] {
				codes = append(codes, code)
			}
		}
	}
	return codes
})

// withdrawn are codes that ISO 639-1 had once.
var withdrawn = map[string]bool{"bh": true, "in": true, "iw": true, "ji": true, "jw": true, "mo": true, "sh": true}
