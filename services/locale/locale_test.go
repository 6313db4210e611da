package locale_test

import (
	"context"
	"errors"
	"testing"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/services/locale"
)

func newService(t *testing.T, endpoint string, opts ...isojot.Option) *locale.Service {
	t.Helper()
	client, err := isojot.NewClient(endpoint, "demo", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return locale.New(client)
}

// named is the first member that is meant, or the zero value.
func named[T any](list []T, is func(T) bool) (found T) {
	for _, member := range list {
		if is(member) {
			return member
		}
	}
	return found
}

// must makes a call that is to succeed.
func must[T any](t *testing.T, call func(context.Context) (*T, error)) *T {
	t.Helper()
	v, err := call(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLists(t *testing.T) {
	s := newService(t, endpoint(t))
	codes, countries, eu, phones := must(t, s.ListCodes), must(t, s.ListCountries), must(t, s.ListCountriesEU), must(t, s.ListCountriesPhones)
	continents, currencies, languages := must(t, s.ListContinents), must(t, s.ListCurrencies), must(t, s.ListLanguages)
	sweden := func(c locale.Country) bool { return c.Code == "SE" }
	for _, tc := range []struct {
		list                 string
		total, length, least int
		name, want           string // of a member
	}{
		{"codes", codes.Total, len(codes.Codes), 100,
			named(codes.Codes, func(c locale.Code) bool { return c.Code == "pt-pt" }).Name, "European Portuguese"},
		{"countries", countries.Total, len(countries.Countries), 190, named(countries.Countries, sweden).Name, "Sweden"},
		{"countries of the EU", eu.Total, len(eu.Countries), 27, named(eu.Countries, sweden).Name, "Sweden"},
		{"phones", phones.Total, len(phones.Phones), 190,
			named(phones.Phones, func(p locale.Phone) bool { return p.Code == "+46" && p.CountryCode == "SE" }).CountryName, "Sweden"},
		{"continents", continents.Total, len(continents.Continents), 7,
			named(continents.Continents, func(c locale.Continent) bool { return c.Code == "EU" }).Name, "Europe"},
		{"currencies", currencies.Total, len(currencies.Currencies), 100,
			named(currencies.Currencies, func(c locale.Currency) bool { return c.Code == "SEK" && c.DecimalDigits == 2 }).Name, "Swedish Krona"},
		{"languages", languages.Total, len(languages.Languages), 180,
			named(languages.Languages, func(l locale.Language) bool { return l.Code == "sv" && l.NativeName != "" }).Name, "Swedish"},
	} {
		if tc.total != tc.length || tc.total < tc.least || tc.name != tc.want {
			t.Errorf("%s: a total of %d, %d members, %q; want %d or more and %q", tc.list, tc.total, tc.length, tc.name, tc.least, tc.want)
		}
	}
}

func TestGet(t *testing.T) {
	l, err := newService(t, endpoint(t)).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if l.IP == "" || l.CountryCode == "" || l.ContinentCode == "" {
		t.Errorf("%+v", l)
	}
}

// Names are in the client's language.
func TestLanguage(t *testing.T) {
	l, err := newService(t, endpoint(t), isojot.WithLocale("de")).ListContinents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if af := named(l.Continents, func(c locale.Continent) bool { return c.Code == "AF" }); af.Name != "Afrika" {
		t.Errorf("Africa is %q", af.Name)
	}
}

// Whoever the client acts for, a call is a guest's or, with a key, a server's;
// and its errors are those of every call.
func TestErrors(t *testing.T) {
	if _, err := newService(t, endpoint(t), isojot.WithJWT("a.b.c")).Get(t.Context()); err != nil {
		t.Errorf("with a JWT that is none: %v", err)
	}
	_, err := newService(t, endpoint(t), isojot.WithKey("standard_0")).Get(t.Context())
	e, ok := errors.AsType[*isojot.Error](err)
	if !ok || e.Operation != "locale.get" || e.Code != 401 {
		t.Errorf("with a key that is none: %v", err)
	}
}
