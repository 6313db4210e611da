package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/isojot/isojot/internal/pgtest"
)

// instances are servers that share a database, each at an address.
type instances struct {
	t    *testing.T
	all  []*fixture
	urls []string
}

// newInstances starts two of them, at once: they migrate, make the project and
// give it keys together.
func newInstances(t *testing.T, changes ...func(*Options)) *instances {
	t.Helper()
	database := pgtest.New(t)
	i := &instances{t: t, all: make([]*fixture, 2)}
	var started sync.WaitGroup
	for n := range i.all {
		started.Go(func() {
			i.all[n] = newFixture(t, append(changes, func(o *Options) { o.Memory, o.DatabaseURL, o.APIKey = false, database, testKey })...)
		})
	}
	started.Wait()
	for _, f := range i.all {
		if f == nil {
			t.FailNow()
		}
		web := httptest.NewServer(f)
		t.Cleanup(web.Close)
		i.urls = append(i.urls, web.URL)
	}
	return i
}

// atOnce sends a request so many times at once, in turn to each instance, and
// counts the answers by their status. Path and body may have the request's number.
func (i *instances) atOnce(times int, method, path string, h headers, body string) map[int]int {
	i.t.Helper()
	var mu sync.Mutex
	count := map[int]int{}
	var asking sync.WaitGroup
	for n := range times {
		asking.Go(func() {
			status, answer := i.ask(n, method, numbered(path, n), h, numbered(body, n))
			mu.Lock()
			defer mu.Unlock()
			if count[status]++; status >= 500 {
				i.t.Errorf("%s %s: %d %s", method, path, status, answer)
			}
		})
	}
	asking.Wait()
	return count
}

// numbered fills in a number, if there is a place for it.
func numbered(text string, n int) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return fmt.Sprintf(text, n)
}

// ask sends a request to an instance, over HTTP.
func (i *instances) ask(n int, method, path string, h headers, body string) (int, string) {
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.urls[n%len(i.urls)]+path, strings.NewReader(body))
	if err != nil {
		i.t.Error(err)
		return 0, ""
	}
	r.Header.Set("X-Appwrite-Project", DefaultProject)
	r.Header.Set("Content-Type", "application/json")
	for name, value := range h {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		i.t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		i.t.Error(err)
	}
	return response.StatusCode, string(text)
}

// want compares the statuses of answers.
func (i *instances) want(got map[int]int, want ...int) {
	i.t.Helper()
	total := 0
	for k := 0; k < len(want); k += 2 {
		if got[want[k]] != want[k+1] {
			i.t.Errorf("the statuses are %v, want %d times %d", got, want[k+1], want[k])
		}
		total += want[k+1]
	}
	for _, n := range got {
		total -= n
	}
	if total != 0 {
		i.t.Errorf("the statuses are %v, want only %v", got, want)
	}
}

func TestInstancesCountTogether(t *testing.T) {
	t.Parallel()
	i := newInstances(t)
	a := i.all[0]
	a.signUp("ann")
	store, _ := a.signIn("ann")
	i.want(i.atOnce(50, "POST", "/v1/account/jwts", session(store), "{}"), 201, 10, 429, 40)
	i.want(i.atOnce(40, "POST", "/v1/account", nil, "{}"), 400, 10, 429, 30)
}

func TestInstancesMakeOneUser(t *testing.T) {
	t.Parallel()
	i := newInstances(t, noLimits)
	i.want(i.atOnce(20, "POST", "/v1/account", nil, `{"userId":"unique()","email":"ann@example.com","password":"password123"}`), 201, 1, 409, 19)
	i.want(i.atOnce(20, "POST", "/v1/account", nil, `{"userId":"bob","email":"bob%d@example.com","password":"password123"}`), 201, 1, 409, 19)
	i.want(i.atOnce(30, "POST", "/v1/account", nil, `{"userId":"u%[1]d","email":"u%[1]d@example.com","password":"password123"}`), 201, 30)
	// They all want one address.
	i.want(i.atOnce(30, "PATCH", "/v1/users/u%d/email", byTestKey, `{"email":"same@example.com"}`), 200, 1, 409, 29)
}

func TestInstancesTakeATokenOnce(t *testing.T) {
	t.Parallel()
	i := newInstances(t, noLimits)
	a := i.all[0]
	a.signUp("ann")
	secret := a.must(201, "POST", "/v1/users/ann/tokens", byTestKey, "{}").text("secret")
	i.want(i.atOnce(20, "POST", "/v1/account/sessions/token", nil, `{"userId":"ann","secret":"`+secret+`"}`), 201, 1, 401, 19)
}

func TestInstancesBoundSessionsAndUsers(t *testing.T) {
	t.Parallel()
	i := newInstances(t, noLimits, func(o *Options) {
		o.Projects = []Project{{ID: DefaultProject}, {ID: "small", Rules: Rules{MaxUsers: 5}}}
	})
	a := i.all[0]
	a.signUp("ann")
	i.want(i.atOnce(30, "POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password123"}`), 201, 30)
	var list struct{ Total int }
	if _, text := i.ask(1, "GET", "/v1/users/ann/sessions", byTestKey, ""); json.Unmarshal([]byte(text), &list) != nil || list.Total != 10 {
		t.Errorf("the sessions are %s", text)
	}
	i.want(i.atOnce(20, "POST", "/v1/account/sessions/anonymous", headers{"X-Appwrite-Project": "small"}, "{}"), 201, 5, 400, 15)
}

// A session that was made with the old password does not survive its change.
func TestInstancesChangeAPassword(t *testing.T) {
	t.Parallel()
	i := newInstances(t, noLimits)
	a := i.all[0]
	a.signUp("ann")
	store, id := a.signIn("ann")
	var both sync.WaitGroup
	both.Go(func() {
		i.atOnce(8, "POST", "/v1/account/sessions/email", nil, `{"email":"ann@example.com","password":"password123"}`)
	})
	both.Go(func() {
		status, text := i.ask(1, "PATCH", "/v1/account/password", session(store), `{"password":"password456","oldPassword":"password123"}`)
		if status != 200 {
			t.Errorf("%d %s", status, text)
		}
	})
	both.Wait()
	var list struct {
		Total    int
		Sessions []struct {
			ID string `json:"$id"`
		}
	}
	if _, text := i.ask(1, "GET", "/v1/users/ann/sessions", byTestKey, ""); json.Unmarshal([]byte(text), &list) != nil || list.Total != 1 || list.Sessions[0].ID != id {
		t.Errorf("the sessions are %s", text)
	}
}

// What one instance does holds at the other with the next request.
func TestInstancesSeeEachOther(t *testing.T) {
	t.Parallel()
	i := newInstances(t, noLimits)
	a, b := i.all[0], i.all[1]
	a.signUp("ann")
	store, _ := b.signIn("ann")
	jwt := a.jwt(store)
	b.must(200, "GET", "/v1/account", token(jwt), "")
	a.must(200, "PATCH", "/v1/users/ann/status", byTestKey, `{"status":false}`)
	b.must(403, "GET", "/v1/account", token(jwt), "")
	b.must(403, "GET", "/v1/account", session(store), "")
	b.must(200, "PATCH", "/v1/users/ann/status", byTestKey, `{"status":true}`)
	a.must(200, "GET", "/v1/account", token(jwt), "")

	a.rotate(Rotation{Algorithm: "EdDSA", AtOnce: true})
	fresh := b.jwt(store) // by the new key
	a.must(200, "GET", "/v1/account", token(fresh), "")
	a.rotate(Rotation{Revoke: true})
	b.must(401, "GET", "/v1/account", token(jwt), "")
	b.must(401, "GET", "/v1/account", token(fresh), "")

	last := b.jwt(store)
	a.must(200, "GET", "/v1/account", token(last), "")
	b.must(204, "DELETE", "/v1/account/sessions/current", session(store), "")
	a.must(401, "GET", "/v1/account", token(last), "")
	a.must(401, "GET", "/v1/account", session(store), "")
}

// Instances that are told the same algorithm make one key of it.
func TestInstancesMakeOneKey(t *testing.T) {
	t.Parallel()
	i := newInstances(t, func(o *Options) { o.Projects = []Project{{ID: DefaultProject, JWTAlgorithm: "EdDSA"}} })
	keys, err := i.all[0].Keys().SigningKeys(t.Context(), DefaultProject)
	if err != nil || len(keys) != 2 || keys[1].Algorithm != "EdDSA" {
		t.Errorf("SigningKeys = %+v, %v", keys, err)
	}
}
