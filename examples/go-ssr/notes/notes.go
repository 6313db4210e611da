// Package notes is a service that keeps notes for users. It knows nothing of
// cookies and sessions: who calls, the JWT says that came with the request.
package notes

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/auth"
)

// Bounds of what is kept, in memory.
const (
	// MaxRunes is the longest note, in characters.
	MaxRunes = 280
	// MaxNotes is how many a user may have; the oldest go.
	MaxNotes = 20
	// maxUsers is how many users may have any.
	maxUsers = 10_000
)

// List is the answer to GET and POST /notes.
type List struct {
	// UserID is whom the JWT stands for.
	UserID string `json:"userId"`
	// Notes are the user's, the newest first.
	Notes []string `json:"notes"`
}

type service struct {
	mu    sync.Mutex
	notes map[string][]string // by user
}

// NewHandler returns the service. It asks base's endpoint whether a JWT is good,
// at most once in 30 s for each, and needs no key for that.
func NewHandler(base *isojot.Client) (http.Handler, error) {
	remote, err := auth.NewRemote(base)
	if err != nil {
		return nil, err
	}
	s := &service{notes: map[string][]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes", s.list)
	mux.HandleFunc("POST /notes", s.add)
	return auth.Middleware(remote)(mux), nil
}

// list answers with the caller's notes.
func (s *service) list(w http.ResponseWriter, r *http.Request) {
	caller, _ := auth.FromContext(r.Context())
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, List{caller.UserID, append([]string{}, s.notes[caller.UserID]...)})
}

// add keeps the note {"text": "..."}.
func (s *service) add(w http.ResponseWriter, r *http.Request) {
	var note struct{ Text string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&note); err != nil {
		answer(w, http.StatusBadRequest, problem{`Send {"text": "..."}`})
		return
	}
	text := strings.TrimSpace(note.Text)
	if n := utf8.RuneCountInString(text); n < 1 || n > MaxRunes {
		answer(w, http.StatusBadRequest, problem{"A note has 1 to 280 characters"})
		return
	}
	caller, _ := auth.FromContext(r.Context())
	s.mu.Lock()
	defer s.mu.Unlock()
	mine, known := s.notes[caller.UserID]
	if !known && len(s.notes) >= maxUsers {
		answer(w, http.StatusInsufficientStorage, problem{"The service is full"})
		return
	}
	mine = append([]string{text}, mine...)
	s.notes[caller.UserID] = mine[:min(len(mine), MaxNotes)]
	answer(w, http.StatusCreated, List{caller.UserID, s.notes[caller.UserID]})
}

// problem is the body of a refusal.
type problem struct {
	Message string `json:"message"`
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	// An error here means that the caller hung up.
	_ = json.NewEncoder(w).Encode(body)
}
