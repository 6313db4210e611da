package replay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// census counts the users that the replay has made by project. The totals of
// recorded lists may count more: users whom neither a recorded exchange nor a
// list names, but who were there.
type census map[string]int

// note counts what an exchange makes and deletes when it is played.
func (c census) note(e exchange) {
	path, project := e.Request.Path, requestHeader(e, "X-Appwrite-Project")
	switch kind := e.Request.Method + " " + path; {
	case classOf(e) != "" || !e.isHTTP():
	case path == "/v1/graphql":
		c[project] += graphMade(e)
	case e.Response.Status == http.StatusCreated && (kind == "POST /v1/account" || kind == "POST /v1/users" || kind == "POST /v1/account/sessions/anonymous"):
		c[project]++
	case e.Response.Status == http.StatusNoContent && (kind == "DELETE /v1/account" || e.Request.Method == http.MethodDelete && userPath(path)):
		c[project]--
	}
}

// userPath reports whether a path is that of one user.
func userPath(path string) bool {
	id, ok := strings.CutPrefix(path, "/v1/users/")
	return ok && !strings.Contains(id, "/")
}

// missing returns the users that a scenario's lists count and that nobody has
// made so far, and counts them; and counts what the scenario itself makes.
func (c census) missing(list []exchange) []stranger {
	var found []stranger
	for _, e := range list {
		c.note(e)
		project := requestHeader(e, "X-Appwrite-Project")
		for range max(0, totalOf(e)-c[project]) {
			id := fmt.Sprintf("%s-unnamed-%d", e.Scenario, len(found)+1)
			found = append(found, stranger{ID: id, Email: id + "@example.com", Name: "Unnamed", at: began(list), project: project})
			c[project]++
		}
	}
	return found
}

// totalOf is how many users an unfiltered list counts; 0 for other answers.
func totalOf(e exchange) int {
	path, query, _ := strings.Cut(e.Request.Path, "?")
	if path == "/v1/graphql" {
		return graphTotal(e)
	}
	values, err := url.ParseQuery(query)
	if err != nil || e.Request.Method != http.MethodGet || path != "/v1/users" || e.Response.Status != http.StatusOK || values.Has("search") {
		return 0
	}
	for name, queries := range values {
		for _, text := range queries {
			var q struct{ Attribute *string }
			if strings.HasPrefix(name, "queries") && (json.Unmarshal([]byte(text), &q) != nil || q.Attribute != nil && !strings.Contains(text, `"order`)) {
				return 0
			}
		}
	}
	var body struct{ Total int }
	if json.Unmarshal([]byte(e.Response.Body), &body) != nil {
		return 0
	}
	return body.Total
}

// graphMade is how many users an operation of GraphQL makes, less those that it
// deletes.
func graphMade(e exchange) int {
	query := deref(e.Request.Body)
	switch {
	case e.Response.Status == http.StatusNoContent && strings.Contains(query, "usersDelete("):
		return -1
	case e.Response.Status != http.StatusOK || strings.Contains(e.Response.Body, `"errors":`):
		return 0
	case strings.Contains(query, "usersCreate("), strings.Contains(query, "accountCreate("):
		return 1
	}
	return 0
}

// graphTotal is the same of a list that GraphQL asks for.
func graphTotal(e exchange) int {
	var body struct {
		Data struct{ UsersList struct{ Total int } }
	}
	if !strings.Contains(deref(e.Request.Body), "usersList {") || json.Unmarshal([]byte(e.Response.Body), &body) != nil {
		return 0
	}
	return body.Data.UsersList.Total
}
