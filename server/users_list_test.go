package server

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/isojot/isojot/server/internal/wire"
)

// listFixture is a server with the users u1 to u30, and an API key.
func listFixture(t *testing.T) (*fixture, headers) {
	f := newFixture(t)
	key := f.apiKey()
	for i := 1; i <= 30; i++ {
		body := fmt.Sprintf(`{"userId":"u%d","name":"User %d"}`, i, i%3)
		if i == 7 {
			body = `{"userId":"u7","name":"Ann","email":"ann@example.com","phone":"+14155550100","password":"password123"}`
		}
		f.must(201, "POST", "/v1/users", key, body)
		f.advance(time.Second)
	}
	f.must(200, "PUT", "/v1/users/u8/labels", key, `{"labels":["vip"]}`)
	f.must(200, "PUT", "/v1/users/u10/labels", key, `{"labels":["new","vip"]}`)
	f.must(200, "PATCH", "/v1/users/u9/status", key, `{"status":false}`)
	return f, key
}

// listPath is the path of a list with queries, which are methods and what
// follows in their JSON.
func listPath(queries ...string) string {
	values := url.Values{}
	for i, q := range queries {
		values.Set(fmt.Sprintf("queries[%d]", i), q)
	}
	return "/v1/users?" + values.Encode()
}

// q writes a query; values are JSON.
func q(method, attribute, values string) string {
	return fmt.Sprintf(`{"method":%q,"attribute":%q,"values":[%s]}`, method, attribute, values)
}

// idsOf are the ids of a list, joined by blanks.
func idsOf(a answer) string {
	var ids []string
	for _, u := range a.object["users"].([]any) {
		ids = append(ids, u.(map[string]any)["$id"].(string))
	}
	return strings.Join(ids, " ")
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	f, key := listFixture(t)
	all := f.must(200, "GET", "/v1/users", key, "")
	if ids := strings.Fields(idsOf(all)); len(ids) != 25 || ids[0] != "u1" || ids[24] != "u25" || all.object["total"] != 30.0 {
		t.Errorf("without queries: %v of %v", ids, all.object["total"])
	}
	second, late := wire.Date(start.Add(time.Second)), wire.Date(start.Add(27*time.Second))
	for _, tt := range []struct {
		path, want string
		total      float64
	}{
		{listPath(q("limit", "", "2")), "u1 u2", 30},
		{listPath(q("limit", "", "2"), q("offset", "", "28")), "u29 u30", 30},
		{listPath(q("limit", "", "1"), q("limit", "", "5")), "u1", 30},
		{listPath(q("limit", "", `"2"`), q("cursorAfter", "", `"u3"`)), "u4 u5", 30},
		{listPath(q("limit", "", "2"), q("cursorBefore", "", `"u3"`)), "u1 u2", 30},
		{listPath(q("orderDesc", "$createdAt", ""), q("limit", "", "2")), "u30 u29", 30},
		{listPath(q("orderDesc", "", ""), q("limit", "", "1")), "u30", 30},
		{listPath(q("orderDesc", "$createdAt", ""), q("cursorAfter", "", `"u3"`)), "u2 u1", 30},
		{listPath(q("equal", "email", `"ann@example.com"`)), "u7", 1},
		{listPath(q("equal", "$id", `"u2","u1"`)), "u1 u2", 2},
		{listPath(q("notEqual", "name", `"User 0"`), q("limit", "", "2")), "u1 u2", 20},
		{listPath(q("equal", "status", "false")), "u9", 1},
		{listPath(q("equal", "emailVerification", "true")), "", 0},
		{listPath(q("isNotNull", "email", "")), "u7", 1},
		{listPath(q("isNull", "phone", ""), q("limit", "", "1")), "u1", 29},
		{listPath(q("isNotNull", "passwordUpdate", "")), "u7", 1},
		{listPath(q("lessThan", "$createdAt", `"`+second+`"`)), "u1", 1},
		{listPath(q("lessThanEqual", "registration", `"`+second+`"`)), "u1 u2", 2},
		{listPath(q("greaterThan", "$createdAt", `"`+late+`"`)), "u29 u30", 2},
		{listPath(q("greaterThanEqual", "$createdAt", `"`+late+`"`)), "u28 u29 u30", 3},
		{listPath(q("between", "$createdAt", `"`+wire.Date(start)+`","`+second+`"`)), "u1 u2", 2},
		{listPath(q("notBetween", "$createdAt", `"`+second+`","`+wire.Date(start.Add(28*time.Second))+`"`)), "u1 u30", 2},
		{listPath(q("lessThan", "$createdAt", `"2026-08-22"`), q("limit", "", "1")), "u1", 30},
		{listPath(q("contains", "labels", `"vip","x"`)), "u8 u10", 2},
		{listPath(q("notContains", "labels", `"vip"`), q("limit", "", "1")), "u1", 28},
		{listPath(q("contains", "name", `"nn"`)), "u7", 1},
		{listPath(q("startsWith", "email", `"ann@"`)), "u7", 1},
		{listPath(q("endsWith", "phone", `"0100"`)), "u7", 1},
		{listPath(q("containsAny", "labels", `"vip","x"`)), "u8 u10", 2},
		{listPath(q("containsAll", "labels", `"vip","x"`)), "", 0},
		{listPath(q("containsAll", "labels", `"new","vip"`)), "u10", 1},
		{listPath(q("containsAll", "name", `"n","A"`)), "u7", 1},
		{listPath(q("equal", "$sequence", "3,5")), "u3 u5", 2},
		{listPath(q("greaterThan", "$sequence", "28"), q("orderDesc", "$sequence", "")), "u30 u29", 2},
		{listPath(q("orderDesc", "$sequence", ""), q("cursorAfter", "", `"u3"`)), "u2 u1", 30},
		{listPath(q("startsWith", "status", "true"), q("limit", "", "1")), "u1", 29},
		{listPath(q("notStartsWith", "status", "true")), "u9", 1},
		{listPath(q("endsWith", "status", "false"), q("limit", "", "1")), "u1", 30},
		{listPath(q("notEndsWith", "status", "false")), "", 0},
		{listPath(q("startsWith", "$createdAt", `"`+second+`"`)), "u2", 1},
		{listPath(q("notEndsWith", "passwordUpdate", `"`+second+`"`)), "u7", 1},
		{listPath(q("greaterThan", "$createdAt", `"2026"`), q("limit", "", "1")), "u1", 30},
		{listPath(q("equal", "name", `"`+strings.Repeat("x", 5000)+`"`)), "", 0},
		{listPath(q("notStartsWith", "name", `"User"`)), "u7", 1},
		{listPath(`{"method":"or","values":[` + q("equal", "$id", `"u1"`) + `,` + q("equal", "name", `"Ann"`) + `]}`), "u1 u7", 2},
		{listPath(`{"method":"and","values":[` + q("equal", "$id", `"u1"`) + `,` + q("equal", "name", `"Ann"`) + `]}`), "", 0},
		{"/v1/users?search=ann", "u7", 1},
		{"/v1/users?search=EXAMPLE.com+ann", "u7", 1},
		{"/v1/users?search=u30", "u30", 1},
		{"/v1/users?search=nobody", "", 0},
		{"/v1/users?search=%22ann@example.com%22", "u7", 1},
		{"/v1/users?search=%22User+1%22&queries[]=" + url.QueryEscape(q("limit", "", "1")), "u1", 9},
		{"/v1/users?search=%22ann+example%22", "", 0},
		{"/v1/users?search=(Ann)+-example*", "u7", 1},
		{"/v1/users?search=@", "", 0},
		{"/v1/users?search=%22%22", "", 0},
		{"/v1/users?search=+", "", 0},
		{"/v1/users?total=0&queries[]=" + url.QueryEscape(q("limit", "", "1")), "u1", 0},
		{"/v1/users?total=false&queries[]=" + url.QueryEscape(q("limit", "", "1")) + "&queries[]=" + url.QueryEscape(q("offset", "", "1")), "u2", 30},
	} {
		a := f.must(200, "GET", tt.path, key, "")
		if got := idsOf(a); got != tt.want || a.object["total"] != tt.total {
			t.Errorf("%s\nlists %q of %v, want %q of %v", tt.path, got, a.object["total"], tt.want, tt.total)
		}
	}
}

func TestListUsersRefusals(t *testing.T) {
	t.Parallel()
	f, key := userFixture(t)
	const prefix = "Invalid `queries` param: Invalid query: "
	for _, tt := range []struct{ query, message string }{
		{`limit(1)`, prefix + "Invalid query: Syntax error"},
		{`{"method":"limit"} x`, prefix + "Invalid query: Syntax error"},
		{`5`, prefix + "Invalid query. Must be an array, got integer"},
		{`null`, prefix + "Invalid query. Must be an array, got NULL"},
		{`{"method":5}`, prefix + "Invalid query method. Must be a string, got integer"},
		{`{"method":"equal","attribute":[]}`, prefix + "Invalid query attribute. Must be a string, got array"},
		{`{"method":"equal","attribute":"name","values":"x"}`, prefix + "Invalid query values. Must be an array, got string"},
		{`{"method":"nope"}`, prefix + "Invalid query method: nope"},
		{`[]`, prefix + "Invalid query method: "},
		{q("select", "name", ""), "Invalid `queries` param: Invalid query method: select"},
		{q("equal", "nope", `"x"`), prefix + "Attribute not found in schema: nope"},
		{q("equal", "password", `"x"`), prefix + "Attribute not found in schema: password"},
		{q("orderAsc", "nope", ""), prefix + "Attribute not found in schema: nope"},
		{q("limit", "", "0"), prefix + "Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,807"},
		{q("limit", "", `"x"`), prefix + "Invalid limit: Value must be a valid number"},
		{q("limit", "", ""), prefix + "Invalid limit: Value must be a valid number"},
		{q("offset", "", "-1"), prefix + "Invalid offset: Value must be a valid range between 0 and 9,223,372,036,854,775,807"},
		{q("cursorAfter", "", ""), prefix + "Invalid cursor: " + wire.DescribeUID},
		{q("cursorAfter", "", `{}`), prefix + "Invalid cursor: " + wire.DescribeUID},
		{q("equal", "name", ""), prefix + "Equal queries require at least one value."},
		{q("notEqual", "name", `"a","b"`), prefix + "NotEqual queries require exactly one value."},
		{q("between", "$createdAt", `"2026-01-01"`), prefix + "Between queries require exactly two values."},
		{q("equal", "name", "5"), prefix + `Query value is invalid for attribute "name"`},
		{q("equal", "status", `"yes"`), prefix + `Query value is invalid for attribute "status"`},
		{q("lessThan", "$createdAt", `"yesterday"`), prefix + `Query value is invalid for attribute "$createdAt"`},
		{q("equal", "labels", `"vip"`), prefix + `Cannot query equal on attribute "labels" because it is an array.`},
		{q("contains", "status", "true"), prefix + `Cannot query contains on attribute "status" because it is not an array, string, or object.`},
		{q("equal", "name", strings.Repeat(`"a",`, 100)+`"a"`), prefix + "Query on attribute has greater than 100 values: name"},
		{q("containsAll", "status", "true"), prefix + `Cannot query contains on attribute "status" because it is not an array, string, or object.`},
		{q("startsWith", "$sequence", "1"), prefix + `Cannot query startsWith on attribute "$sequence" because it is not an array, string, or object.`},
		{q("contains", "$sequence", `"1"`), prefix + `Query value is invalid for attribute "$sequence"`},
		{q("search", "labels", `"vip"`), prefix + `Cannot query search on attribute "labels" because it is an array.`},
		{`{"method":"equal"}`, prefix + "Equal queries require at least one value."},
		{q("offset", "", `"x"`), prefix + "Invalid limit: Value must be a valid number"},
		{q("limit", "", "1.5"), prefix + "Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,807"},
		{`{"method":"or","values":[` + q("equal", "name", `"a"`) + `]}`, prefix + "Or queries require at least two queries"},
		{`{"method":"or","values":[` + q("limit", "", "1") + `]}`, prefix + "Or queries can only contain filter queries"},
		{`{"method":"or","values":["x"]}`, prefix + "Invalid query. Must be an array, got string"},
		{`"` + strings.Repeat("x", 16384) + `"`, prefix + "Value must be a valid string and no longer than 16384 chars"},
	} {
		scenario{status: 400, kind: "general_argument_invalid", message: tt.message}.check(t, f.do("GET", listPath(tt.query), key, ""))
	}
	many := make([]string, 101)
	for i := range many {
		many[i] = q("limit", "", "1")
	}
	// 100 values, and 50 in an "or".
	hundred := q("equal", "name", strings.Repeat(`"a",`, 99)+`"a"`)
	fifty := `{"method":"or","values":[` + q("isNull", "name", "") + strings.Repeat(","+q("isNull", "name", ""), 49) + `]}`
	most := []string{hundred, hundred, hundred, hundred, fifty, fifty}
	f.must(200, "GET", listPath(most...), key, "")
	f.run([]scenario{
		{name: "unknown cursor", method: "GET", path: listPath(q("cursorAfter", "", `"nope"`)), headers: key, status: 400,
			kind: "general_cursor_not_found", message: "User 'nope' for the 'cursor' value not found."},
		{name: "search by an attribute", method: "GET", path: listPath(`{"method":"or","values":[` + q("notSearch", "name", `"a"`) + `,` + q("search", "email", `"a"`) + `]}`), headers: key,
			status: 400, kind: "general_query_invalid", message: `Searching by attribute "name" requires a fulltext index.`},
		{name: "search, and worse", method: "GET", path: listPath(q("search", "name", `"a"`), q("limit", "", "0")), headers: key, status: 400, kind: "general_argument_invalid"},
		{name: "empty search", method: "GET", path: "/v1/users?search=", headers: key, status: 400, kind: "general_argument_invalid",
			message: "Invalid `search` param: Value must be a valid string and at least 1 chars and no longer than 256 chars"},
		{name: "too many", method: "GET", path: listPath(many...), headers: key, status: 400, kind: "general_argument_invalid",
			message: "Invalid `queries` param: Value must a valid array no longer than 100 items"},
		{name: "too many values", method: "GET", path: listPath(append(most, q("isNull", "name", ""))...), headers: key, status: 400, kind: "general_argument_invalid",
			message: prefix + "The queries compare with more than 500 values together. Send fewer."},
		{name: "a text", method: "GET", path: "/v1/users?queries=x", headers: key, status: 400, kind: "general_argument_invalid",
			message: "Invalid `queries` param: Queries must be an array"},
		{name: "a map", method: "GET", path: "/v1/users?queries[a]=x", headers: key, status: 400, kind: "general_argument_invalid",
			message: "Invalid `queries` param: Queries must be an array"},
		{name: "long search", method: "GET", path: "/v1/users?search=" + strings.Repeat("x", 257), headers: key, status: 400, kind: "general_argument_invalid"},
		{name: "bad total", method: "GET", path: "/v1/users?total=abc", headers: key, status: 400, kind: "general_argument_invalid",
			message: "Invalid `total` param: Value must be a valid boolean"},
	})
}

// A list is counted by a query of its own only where the page does not tell.
func TestTotalsOfWholeListsAreNotCounted(t *testing.T) {
	t.Parallel()
	f, key := listFixture(t)
	statements := func(path string) int64 { return f.statements("GET", path, key) }
	for _, tt := range []struct {
		path  string
		total float64
		count int64
	}{
		{listPath(q("limit", "", "31")), 30, 0},
		{listPath(q("limit", "", "30")), 30, 1},
		{listPath(q("offset", "", "28")), 30, 0},
		{listPath(q("offset", "", "40")), 30, 1},
		{listPath(q("cursorAfter", "", `"u28"`)), 30, 1},
		{listPath(q("contains", "name", `"nobody"`)), 0, 0},
	} {
		if n := statements(tt.path) - statements(tt.path+"&total=0"); n != tt.count {
			t.Errorf("%s is counted by %d queries, want %d", tt.path, n, tt.count)
		}
		if a := f.must(200, "GET", tt.path, key, ""); a.object["total"] != tt.total {
			t.Errorf("%s has a total of %v, want %v", tt.path, a.object["total"], tt.total)
		}
	}
}

// Without an attribute, the order is that in which users were made, also where the
// clock went back meanwhile.
func TestListUsersInTheOrderMade(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	key := f.apiKey()
	for i, at := range []time.Duration{time.Hour, 2 * time.Hour, 0} {
		f.clock.Set(start.Add(at))
		f.must(201, "POST", "/v1/users", key, fmt.Sprintf(`{"userId":"u%d"}`, i))
	}
	for query, want := range map[string]string{
		q("orderAsc", "", ""): "u0 u1 u2", q("orderDesc", "", ""): "u2 u1 u0",
		q("orderAsc", "$createdAt", ""): "u2 u0 u1", q("orderDesc", "$createdAt", ""): "u1 u0 u2",
	} {
		if got := idsOf(f.must(200, "GET", listPath(query), key, "")); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
	}
	f.must(400, "GET", listPath(q("equal", "", `"x"`)), key, "")
}
