package replay

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// stranger is a user of the recorded server that no recorded exchange made,
// but that its lists show.
type stranger struct {
	ID, Email, Phone, Name string
	Password               string // "" for any
	at                     time.Time
	project                string
	team                   bool // it is a team
	byKey                  bool // made by an API key, and so never seen
}

// strangers finds those users: they have to be there for lists to be the same.
func strangers(recordings [][]exchange) ([]stranger, error) {
	known, ids := map[string]bool{}, signedIn(recordings)
	var found []stranger
	for _, list := range recordings {
		for _, e := range list {
			if s, ok := conflicting(known, e); ok {
				s.at = began(list).Add(-time.Millisecond)
				s.ID = cmp.Or(ids[s.Email], s.ID)
				found = append(found, s)
			}
			found = append(found, strangeTeams(known, e)...)
			if e.Request.Path == "/v1/account" && e.Response.Status == http.StatusOK {
				learnAccount(known, e.Response.Body)
			}
			if e.Request.Method == http.MethodPost && e.Response.Status == http.StatusCreated {
				learnUser(known, e.Response.Body)
			}
			if e.Request.Method != http.MethodGet || !strings.HasPrefix(e.Request.Path, "/v1/users?") && !userPath(e.Request.Path) || e.Response.Status != http.StatusOK {
				continue
			}
			more, err := listed(known, e)
			if err != nil {
				return nil, fmt.Errorf("replay: %s %d: the recorded users: %w", e.Scenario, e.Step, err)
			}
			found = append(found, more...)
		}
	}
	slices.SortFunc(found, func(a, b stranger) int { return a.at.Compare(b.at) })
	return found, nil
}

// signedIn are the ids of the users who sign in, by their e-mail address.
func signedIn(recordings [][]exchange) map[string]string {
	ids := map[string]string{}
	for _, list := range recordings {
		for _, e := range list {
			var asked struct{ Email string }
			var made struct{ UserID string }
			if e.Request.Path == "/v1/account/sessions/email" && e.Response.Status == http.StatusCreated &&
				json.Unmarshal([]byte(deref(e.Request.Body)), &asked) == nil && json.Unmarshal([]byte(e.Response.Body), &made) == nil {
				plain := plainAddress(asked.Email)
				ids[plain] = cmp.Or(ids[plain], made.UserID)
			}
		}
	}
	return ids
}

// plainAddress is an e-mail address as users have it.
func plainAddress(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// learnUser notes the user whom an answer is about.
func learnUser(known map[string]bool, body string) {
	var made struct {
		ID     string `json:"$id"`
		UserID string `json:"userId"`
	}
	if json.Unmarshal([]byte(body), &made) == nil {
		known[made.ID], known[made.UserID] = true, true
	}
}

// shownUser is a user as answers show one.
type shownUser struct {
	ID         string `json:"$id"`
	CreatedAt  string `json:"$createdAt"`
	AccessedAt string `json:"accessedAt"`
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	Name       string `json:"name"`
}

// learnAccount notes the user whose account an answer shows, who may have been
// made by signing in.
func learnAccount(known map[string]bool, body string) {
	var u shownUser
	if json.Unmarshal([]byte(body), &u) == nil && u.ID != "" {
		known[u.ID] = true
		if u.Email != "" {
			known[plainAddress(u.Email)] = true
		}
	}
}

// listed returns the users of a list who are not known, and makes them so.
func listed(known map[string]bool, e exchange) ([]stranger, error) {
	var list struct {
		shownUser
		Users []shownUser `json:"users"`
	}
	if err := json.Unmarshal([]byte(e.Response.Body), &list); err != nil {
		return nil, err
	}
	if list.ID != "" {
		list.Users = []shownUser{list.shownUser}
	}
	var found []stranger
	for _, u := range list.Users {
		if known[u.ID] {
			continue
		}
		known[u.ID] = true
		at, err := time.Parse(dateLayout, u.CreatedAt)
		if err != nil {
			return nil, err
		}
		found = append(found, stranger{ID: u.ID, Email: u.Email, Phone: u.Phone, Name: u.Name, at: at,
			project: requestHeader(e, "X-Appwrite-Project"), byKey: u.AccessedAt == ""})
	}
	return found, nil
}

// step is the sign-up of a stranger, or, of one without an e-mail address, the
// making by an API key.
func (s stranger) step() *step {
	if s.team {
		return &step{Label: "a team that others made", At: s.at.Unix(), Class: classUnrecorded, Request: request{
			Method: http.MethodPost, Path: "/v1/teams", Body: encode(map[string]string{"teamId": s.ID, "name": s.Name}), Headers: [][2]string{
				{"Host", "localhost"}, {"X-Appwrite-Project", s.project}, {"Content-Type", "application/json"}, {"X-Appwrite-Key", "${" + keyVariable(s.project) + "}"}}}}
	}
	fields := map[string]string{"userId": s.ID, "email": s.Email, "phone": s.Phone, "name": s.Name, "password": cmp.Or(s.Password, "password123")}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	q := request{Method: http.MethodPost, Path: "/v1/account", Headers: [][2]string{
		{"Host", "localhost"}, {"X-Appwrite-Project", s.project}, {"Content-Type", "application/json"}}}
	if s.byKey || s.Email == "" || s.Phone != "" {
		q.Path = "/v1/users"
		q.Headers = append(q.Headers, [2]string{"X-Appwrite-Key", "${" + keyVariable(s.project) + "}"})
	}
	q.Body = encode(fields)
	return &step{Label: "a user whose sign-up is not recorded", At: s.at.Unix(), Class: classUnrecorded, Request: q}
}

// conflicting is the user whose e-mail address a new one was refused for, though
// no exchange had made one of that address or id.
func conflicting(known map[string]bool, e exchange) (stranger, bool) {
	var asked struct {
		UserID          any
		Email, Password string
	}
	path := e.Request.Path
	if e.Request.Method != http.MethodPost || path != "/v1/account" && path != "/v1/users" || json.Unmarshal([]byte(deref(e.Request.Body)), &asked) != nil {
		return stranger{}, false
	}
	email, id := plainAddress(asked.Email), fmt.Sprint(asked.UserID)
	conflict := e.Response.Status == http.StatusConflict && strings.Contains(e.Response.Body, "user_already_exists")
	if known[email] || known[id] || !conflict {
		known[email] = known[email] || e.Response.Status == http.StatusCreated
		return stranger{}, false
	}
	known[email] = true
	return stranger{ID: fmt.Sprintf("%s-conflict-%d", e.Scenario, e.Step), Email: email, Password: asked.Password, project: requestHeader(e, "X-Appwrite-Project")}, true
}

// strangeTeams are the teams of a list for an API key that no exchange made.
func strangeTeams(known map[string]bool, e exchange) []stranger {
	var list struct {
		Teams []struct {
			ID        string `json:"$id"`
			Name      string `json:"name"`
			CreatedAt string `json:"$createdAt"`
		} `json:"teams"`
	}
	path, _, _ := strings.Cut(e.Request.Path, "?")
	if path != "/v1/teams" || e.Response.Status != http.StatusOK || requestHeader(e, "X-Appwrite-Key") == "" ||
		json.Unmarshal([]byte(e.Response.Body), &list) != nil {
		return nil
	}
	var found []stranger
	for _, t := range list.Teams {
		at, err := time.Parse(dateLayout, t.CreatedAt)
		if known[t.ID] || err != nil {
			continue
		}
		known[t.ID] = true
		found = append(found, stranger{ID: t.ID, Name: t.Name, team: true, at: at, project: requestHeader(e, "X-Appwrite-Project")})
	}
	return found
}
