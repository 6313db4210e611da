// Command function-go is a function: the server runs it for each execution, and
// it answers with the account of whoever executes it.
//
// Who that is, the environment says: isojot.FromFunction makes a client of it.
// The request and the answer are CGI's, which net/http/cgi reads and writes.
package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"net/http/cgi"
	"os"

	"github.com/isojot/isojot"
)

func main() {
	log.SetFlags(0) // standard error is the execution's logs, which have a time
	if err := cgi.Serve(http.HandlerFunc(whoami)); err != nil {
		log.Fatalf("function-go: %v", err)
	}
}

// problem is the answer where there is no account to show.
type problem struct {
	Message string           `json:"message"`
	Type    isojot.ErrorType `json:"type,omitempty"`
}

// whoami answers with the caller's account; at /claims, with what the token
// that the function was handed says.
func whoami(w http.ResponseWriter, r *http.Request) {
	client, err := isojot.FromFunction()
	switch {
	case err != nil:
		fail(w, err)
	case client.Guest():
		writeJSON(w, http.StatusUnauthorized, problem{Message: "Nobody is signed in: this function was handed no JWT."})
	case r.URL.Path == "/claims":
		claims, err := isojot.Decode(os.Getenv("APPWRITE_FUNCTION_JWT"))
		if err != nil {
			fail(w, err)
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"userId": claims.UserID, "sessionId": claims.SessionID, "exp": claims.Expiry.Unix()})
	default:
		// Call rather than Account.Get: the answer as it came, with every field.
		account, err := client.Call(r.Context(), "account.get", isojot.Params{})
		if err != nil {
			fail(w, err)
			return
		}
		writeJSON(w, http.StatusOK, json.RawMessage(account.Body))
	}
}

// fail answers with what the server said about the caller. Any other failure is
// the function's own: logged, and not told.
func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	if e, ok := errors.AsType[*isojot.Error](err); ok && e.Code != 0 {
		writeJSON(w, e.Code, problem{e.Message, e.Type})
		return
	}
	writeJSON(w, http.StatusInternalServerError, problem{Message: "The function failed. Its logs say why."})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Printf("writing the answer: %v", err)
	}
}
