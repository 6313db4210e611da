package replay

import (
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
	at                     time.Time
	project                string
}

// strangers finds those users: they have to be there for lists to be the same.
func strangers(recordings [][]exchange) ([]stranger, error) {
	known := map[string]bool{}
	var found []stranger
	for _, list := range recordings {
		for _, e := range list {
			if e.Request.Method == http.MethodPost && e.Response.Status == http.StatusCreated {
				learnUser(known, e.Response.Body)
			}
			if e.Request.Method != http.MethodGet || !strings.HasPrefix(e.Request.Path, "/v1/users?") || e.Response.Status != http.StatusOK {
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

// listed returns the users of a list who are not known, and makes them so.
func listed(known map[string]bool, e exchange) ([]stranger, error) {
	var list struct {
		Users []struct {
			ID        string `json:"$id"`
			CreatedAt string `json:"$createdAt"`
			Email     string `json:"email"`
			Phone     string `json:"phone"`
			Name      string `json:"name"`
		} `json:"users"`
	}
	if err := json.Unmarshal([]byte(e.Response.Body), &list); err != nil {
		return nil, err
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
		found = append(found, stranger{u.ID, u.Email, u.Phone, u.Name, at, requestHeader(e, "X-Appwrite-Project")})
	}
	return found, nil
}

// step is the sign-up of a stranger, or, of one without an e-mail address, the
// making by an API key.
func (s stranger) step() *step {
	fields := map[string]string{"userId": s.ID, "email": s.Email, "phone": s.Phone, "name": s.Name, "password": "password123"}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	q := request{Method: http.MethodPost, Path: "/v1/account", Headers: [][2]string{
		{"Host", "localhost"}, {"X-Appwrite-Project", s.project}, {"Content-Type", "application/json"}}}
	if s.Email == "" || s.Phone != "" {
		q.Path = "/v1/users"
		q.Headers = append(q.Headers, [2]string{"X-Appwrite-Key", "${" + keyVariable(s.project) + "}"})
	}
	q.Body = encode(fields)
	return &step{Label: "a user whose sign-up is not recorded", At: s.at.Unix(), Class: classUnrecorded, Request: q}
}
