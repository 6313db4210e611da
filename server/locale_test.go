package server

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/isojot/isojot/server/internal/locale"
)

// localeList reads a list of the locale service.
func (f *fixture) localeList(path, member, locale string) []map[string]string {
	f.t.Helper()
	a := f.must(200, "GET", "/v1/locale/"+path, headers{"X-Appwrite-Locale": locale}, "")
	var body map[string]json.RawMessage
	var list []map[string]string
	if err := json.Unmarshal(a.Body.Bytes(), &body); err != nil {
		f.t.Fatal(err)
	}
	if err := json.Unmarshal(body[member], &list); err != nil {
		f.t.Fatal(err)
	}
	if string(body["total"]) != json.Number(jsonInt(len(list))).String() {
		f.t.Errorf("%s: the total is %s of %d", path, body["total"], len(list))
	}
	return list
}

func jsonInt(n int) string {
	text, _ := json.Marshal(n) // integers always encode
	return string(text)
}

// named is the entry of a code.
func named(list []map[string]string, code string) string {
	for _, entry := range list {
		if entry["code"] == code {
			return entry["name"]
		}
	}
	return ""
}

func TestLocaleLists(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, tt := range []struct {
		path, member, locale string
		least                int
		code, name           string
	}{
		{"countries", "countries", "", 195, "DE", "Germany"},
		{"countries", "countries", "de", 195, "AT", "Österreich"},
		{"countries", "countries", "en-GB", 195, "CI", "Ivory Coast"},
		{"countries", "countries", "", 195, "VC", "Saint Vincent and the Grenadines"},
		{"countries", "countries", "de-AT", 195, "DE", "Deutschland"},
		{"countries", "countries", "xx-nonsense", 195, "DE", "Germany"},
		{"countries/eu", "countries", "", 27, "IE", "Ireland"},
		{"continents", "continents", "", 7, "EU", "Europe"},
		{"continents", "continents", "fr", 7, "AN", "Antarctique"},
		{"languages", "languages", "", 180, "sv", "Swedish"},
		{"codes", "localeCodes", "", 100, "pt-pt", "European Portuguese"},
	} {
		list := f.localeList(tt.path, tt.member, tt.locale)
		if len(list) < tt.least || named(list, tt.code) != tt.name {
			t.Errorf("%s in %q: %d entries, %s is %q, want %q", tt.path, tt.locale, len(list), tt.code, named(list, tt.code), tt.name)
		}
		seen := map[string]bool{}
		for _, entry := range list {
			if entry["code"] == "" || entry["name"] == "" || seen[entry["code"]] {
				t.Errorf("%s: the entry %v", tt.path, entry)
			}
			seen[entry["code"]] = true
		}
	}
	if got := len(f.localeList("countries/eu", "countries", "")); got != 27 {
		t.Errorf("%d countries in the EU", got)
	}
	for locale, want := range map[string]string{"": "AF ZW", "de": "AF AT"} { // by bytes, as in Appwrite: Österreich is the last
		if got := f.localeList("countries", "countries", locale); got[0]["code"]+" "+got[len(got)-1]["code"] != want {
			t.Errorf("the countries are not sorted by their names in %q: %v", locale, got)
		}
	}
	for _, entry := range f.localeList("languages", "languages", "") {
		if entry["code"] == "el" && entry["nativeName"] != "Ελληνικά" || entry["nativeName"] == "" {
			t.Errorf("the language %v", entry)
		}
	}
}

func TestLocaleAndHealth(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	f.signUp("ann")
	store, _ := f.signIn("ann")
	none := headers{"X-Appwrite-Project": ""}
	here := []string{`{"ip":"192.0.2.1","countryCode":"--","country":"Unknown","continentCode":"--","continent":"Unknown","eu":false,"currency":""}`}
	missing := func(name, path string, h headers, who string) scenario {
		return scenario{name: name, method: "GET", path: path, headers: h, status: 401, kind: "general_unauthorized_scope", message: who + ` missing scopes (["health.read"])`}
	}
	f.run([]scenario{
		{name: "guest", method: "GET", path: "/v1/locale", status: 200, want: here},
		{name: "user", method: "GET", path: "/v1/locale", headers: session(store), status: 200, want: here},
		{name: "no project", method: "GET", path: "/v1/locale", headers: none, status: 200, want: here},
		{name: "health", method: "GET", path: "/v1/health", headers: byTestKey, status: 200, want: []string{`{"name":"http","ping":0,"status":"pass"}`}},
		{name: "database", method: "GET", path: "/v1/health/db", headers: byTestKey, status: 200,
			want: []string{`{"total":2,"statuses":[{"name":"Console.DB (console)","ping":`, `,"status":"pass"},{"name":"Projects.DB (database_db_main)","ping":`, `,"status":"pass"}]}`}},
		{name: "cache", method: "GET", path: "/v1/health/cache", headers: byTestKey, status: 200, want: []string{`{"total":1,"statuses":[{"name":"Cache","ping":0,"status":"pass"}]}`}},
		{name: "message bus", method: "GET", path: "/v1/health/pubsub", headers: byTestKey, status: 200, want: []string{`{"total":1,"statuses":[{"name":"PubSub (pubsub)","ping":0,"status":"pass"}]}`}},
		{name: "storage", method: "GET", path: "/v1/health/storage", headers: byTestKey, status: 200, want: []string{`{"name":"","ping":`, `,"status":"pass"}`}},
		{name: "local storage", method: "GET", path: "/v1/health/storage/local", headers: byTestKey, status: 200, want: []string{`{"name":"","ping":`, `,"status":"pass"}`}},
		{name: "time", method: "GET", path: "/v1/health/time", headers: byTestKey, status: 500, kind: "general_server_error", message: "Server Error"},
		{name: "virus scanner", method: "GET", path: "/v1/health/anti-virus", headers: byTestKey, status: 200, want: []string{`{"version":"","status":"disabled"}`}},
		{name: "not covered", method: "GET", path: "/v1/health/queue/webhooks", headers: byTestKey, status: 404, kind: "general_route_not_found"},
		{name: "version", method: "GET", path: "/v1/health/version", headers: none, status: 200, want: []string{`{"version":"1.9.6"}`}},
		missing("guest", "/v1/health", nil, "User (role: guests)"),
		missing("user", "/v1/health/db", session(store), "ann@example.com (role: users)"),
		missing("no project", "/v1/health", none, "User (role: guests)"),
	})
	if err := f.db.Close(); err != nil {
		t.Fatal(err)
	}
	f.must(500, "GET", "/v1/health/db", byTestKey, "")
}

// isCountry reports whether a code is one of the countries'.
func isCountry(code string) bool {
	return slices.ContainsFunc(locale.In("").Countries(), func(p locale.Place) bool { return p.Code == code })
}

func TestPhonesAndCurrencies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	phones := f.localeList("countries/phones", "phones", "de")
	at := func(i int) string {
		return strings.Join([]string{phones[i]["code"], phones[i]["countryCode"], phones[i]["countryName"]}, " ")
	}
	if got := at(0) + ", " + at(1) + ", " + at(2); got != "+1 CA Kanada, +1 US Vereinigte Staaten, +7 RU Russland" {
		t.Errorf("the phones begin with %s", got)
	}
	if got := at(len(phones) - 1); got != "+1876 JM Jamaika" {
		t.Errorf("the last phone is %s", got)
	}
	for _, p := range phones {
		if !regexp.MustCompile(`^\+[1-9]\d{0,3}$`).MatchString(p["code"]) || !isCountry(p["countryCode"]) || p["countryName"] == "" {
			t.Errorf("the phone %v", p)
		}
	}
	a := f.must(200, "GET", "/v1/locale/currencies", nil, "")
	for _, want := range []string{`{"symbol":"€","name":"Euro","symbolNative":"€","decimalDigits":2,"rounding":0,"code":"EUR","namePlural":"euros"}`,
		`{"symbol":"CHF","name":"Swiss Franc","symbolNative":"CHF","decimalDigits":2,"rounding":0.05,"code":"CHF","namePlural":"Swiss francs"}`} {
		if !strings.Contains(a.Body.String(), want) {
			t.Errorf("the currencies lack %s", want)
		}
	}
	for _, c := range locale.Currencies() {
		if c.Name == "" || c.NamePlural == "" || c.Symbol == "" || c.SymbolNative == "" || !regexp.MustCompile(`^[A-Z]{3}$`).MatchString(c.Code) {
			t.Errorf("the currency %+v", c)
		}
	}
}
