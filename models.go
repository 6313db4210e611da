package isojot

import (
	"encoding/json"
	"time"
)

// Time is a moment as the API writes it. The API writes "" where there is
// none, which is the zero Time.
type Time struct{ time.Time }

// timeLayouts are RFC 3339 and the form of times within execution answers
// (contract section 13.10), which is UTC.
var timeLayouts = [...]string{time.RFC3339Nano, "2006-01-02 15:04:05.999"}

// UnmarshalJSON reads a string.
func (t *Time) UnmarshalJSON(data []byte) error {
	var s *string
	if err := json.Unmarshal(data, &s); err != nil || s == nil || *s == "" {
		t.Time = time.Time{}
		return err
	}
	var err error
	for _, layout := range timeLayouts {
		if t.Time, err = time.Parse(layout, *s); err == nil {
			return nil
		}
	}
	return err
}

// MarshalJSON writes the API's form: UTC, milliseconds, "+00:00".
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte(`""`), nil
	}
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000-07:00"`)), nil
}

// User is an account (contract section 9).
type User struct {
	ID                string         `json:"$id"`
	CreatedAt         Time           `json:"$createdAt"`
	UpdatedAt         Time           `json:"$updatedAt"`
	Name              string         `json:"name"`
	Registration      Time           `json:"registration"`
	Status            bool           `json:"status"` // false where the user is blocked
	Labels            []string       `json:"labels"`
	PasswordUpdate    Time           `json:"passwordUpdate"` // none where there is no password
	Email             string         `json:"email"`          // empty for an anonymous user
	Phone             string         `json:"phone"`
	EmailVerification bool           `json:"emailVerification"`
	PhoneVerification bool           `json:"phoneVerification"`
	MFA               bool           `json:"mfa"`
	Prefs             map[string]any `json:"prefs"`
	Targets           []Target       `json:"targets"`
	AccessedAt        Time           `json:"accessedAt"`

	// Password, Hash and HashOptions are how the password is kept. Only calls
	// with an API key are told.
	Password    PasswordHash `json:"password,omitempty"`
	Hash        string       `json:"hash,omitempty"`
	HashOptions HashOptions  `json:"hashOptions,omitempty"`

	EmailCanonical     string `json:"emailCanonical,omitempty"`
	EmailIsFree        bool   `json:"emailIsFree,omitempty"`
	EmailIsDisposable  bool   `json:"emailIsDisposable,omitempty"`
	EmailIsCorporate   bool   `json:"emailIsCorporate,omitempty"`
	EmailIsCanonical   bool   `json:"emailIsCanonical,omitempty"`
	PasswordPwned      bool   `json:"passwordPwned,omitempty"` // never set by isojot, which asks no service
	Impersonator       bool   `json:"impersonator,omitempty"`
	ImpersonatorUserID string `json:"impersonatorUserId,omitempty"`
}

// PasswordHash is the hash of a password, which is printed and encoded as "***".
type PasswordHash string

// HashOptions are the parameters of a hash. Texts among them, such as a salt,
// are printed and encoded as "***", but for the type.
type HashOptions map[string]any

// Target is an address at which a user can be reached.
type Target struct {
	ID           string `json:"$id"`
	CreatedAt    Time   `json:"$createdAt"`
	UpdatedAt    Time   `json:"$updatedAt"`
	Name         string `json:"name"`
	UserID       string `json:"userId"`
	ProviderID   string `json:"providerId,omitempty"`
	ProviderType string `json:"providerType"` // one of email, sms and push
	Identifier   string `json:"identifier"`
	Expired      bool   `json:"expired"`
}

// Session is one sign-in of a user (contract section 4).
type Session struct {
	ID                        string   `json:"$id"`
	CreatedAt                 Time     `json:"$createdAt"`
	UpdatedAt                 Time     `json:"$updatedAt"`
	UserID                    string   `json:"userId"`
	Expire                    Time     `json:"expire"`
	Provider                  string   `json:"provider"` // how it came to be: email, anonymous, token, server, ...
	ProviderUID               string   `json:"providerUid"`
	ProviderAccessToken       string   `json:"providerAccessToken"`
	ProviderAccessTokenExpiry Time     `json:"providerAccessTokenExpiry"`
	ProviderRefreshToken      string   `json:"providerRefreshToken"`
	IP                        string   `json:"ip"`
	OSCode                    string   `json:"osCode"`
	OSName                    string   `json:"osName"`
	OSVersion                 string   `json:"osVersion"`
	ClientType                string   `json:"clientType"`
	ClientCode                string   `json:"clientCode"`
	ClientName                string   `json:"clientName"`
	ClientVersion             string   `json:"clientVersion"`
	ClientEngine              string   `json:"clientEngine"`
	ClientEngineVersion       string   `json:"clientEngineVersion"`
	DeviceName                string   `json:"deviceName"`
	DeviceBrand               string   `json:"deviceBrand"`
	DeviceModel               string   `json:"deviceModel"`
	CountryCode               string   `json:"countryCode"`
	CountryName               string   `json:"countryName"`
	Current                   bool     `json:"current"` // true for the session that the request was made with
	Factors                   []string `json:"factors"`
	MFAUpdatedAt              Time     `json:"mfaUpdatedAt"`

	// Secret is what WithSession takes. It is set by a sign-in only, and not
	// in browsers, where the cookie jar keeps it out of reach.
	//
	// In Go, a Session is printed and encoded as JSON without it.
	Secret string `json:"secret"`
}

// SessionList is a user's sessions, oldest first.
type SessionList struct {
	Total    int       `json:"total"`
	Sessions []Session `json:"sessions"`
}

// JWT is a token that acts for a user.
//
// In Go, it is printed and encoded as JSON without the token: what passes that on
// encodes the field.
type JWT struct {
	JWT string `json:"jwt"`
}

// Execution is one execution of a function (contract section 11).
type Execution struct {
	ID          string   `json:"$id"`
	CreatedAt   Time     `json:"$createdAt"`
	UpdatedAt   Time     `json:"$updatedAt"`
	Permissions []string `json:"$permissions"`
	FunctionID  string   `json:"functionId"`
	// ResourceID is what newer servers call FunctionID.
	ResourceID   string `json:"resourceId"`
	ResourceType string `json:"resourceType"`
	DeploymentID string `json:"deploymentId"`
	Trigger      string `json:"trigger"` // http, schedule or event
	// Status is waiting, scheduled, processing, completed or failed.
	Status             string   `json:"status"`
	RequestMethod      string   `json:"requestMethod"`
	RequestPath        string   `json:"requestPath"`
	RequestHeaders     []Header `json:"requestHeaders"`
	ResponseStatusCode int      `json:"responseStatusCode"` // 0: no answer yet
	// ResponseBody is in the answer of CreateExecution only.
	ResponseBody    string   `json:"responseBody"`
	ResponseHeaders []Header `json:"responseHeaders"`
	// Logs and Errors are empty without an API key.
	Logs   string `json:"logs"`
	Errors string `json:"errors"`
	// Duration is in seconds.
	Duration    float64 `json:"duration"`
	ScheduledAt Time    `json:"scheduledAt"`
}

// Header is a header of an Execution.
//
// In Go, the value of one that is a credential is printed and encoded as "***".
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ExecutionList is a page of executions.
type ExecutionList struct {
	// Total counts those of all pages, up to 5000.
	Total      int         `json:"total"`
	Executions []Execution `json:"executions"`
}
