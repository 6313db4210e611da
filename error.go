package isojot

import (
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/mask"
)

// ErrorType is the machine-readable kind of an Error, as the server spells it
// (contract section 3). It is itself an error, to be compared by errors.Is:
//
//	if errors.Is(err, isojot.ErrUserBlocked) { ... }
type ErrorType string

// Error returns the type's name.
func (t ErrorType) Error() string { return string(t) }

// Types that the server sends.
const (
	ErrArgumentInvalid                  ErrorType = "general_argument_invalid"
	ErrQueryInvalid                     ErrorType = "general_query_invalid"
	ErrCursorNotFound                   ErrorType = "general_cursor_not_found"
	ErrBadRequest                       ErrorType = "general_bad_request"
	ErrUnauthorizedScope                ErrorType = "general_unauthorized_scope"
	ErrAccessForbidden                  ErrorType = "general_access_forbidden"
	ErrUnknownOrigin                    ErrorType = "general_unknown_origin"
	ErrRouteNotFound                    ErrorType = "general_route_not_found"
	ErrRateLimitExceeded                ErrorType = "general_rate_limit_exceeded"
	ErrServiceDisabled                  ErrorType = "general_service_disabled"
	ErrUnknown                          ErrorType = "general_unknown"
	ErrServer                           ErrorType = "general_server_error"
	ErrProjectNotFound                  ErrorType = "project_not_found"
	ErrProjectIDMissing                 ErrorType = "project_id_missing"
	ErrProjectKeyExpired                ErrorType = "project_key_expired"
	ErrUserUnauthorized                 ErrorType = "user_unauthorized"
	ErrUserJWTInvalid                   ErrorType = "user_jwt_invalid"
	ErrUserJWTAndCookieSet              ErrorType = "user_jwt_and_cookie_set"
	ErrUserJWTCreationDenied            ErrorType = "user_jwt_creation_denied"
	ErrUserBlocked                      ErrorType = "user_blocked"
	ErrUserNotFound                     ErrorType = "user_not_found"
	ErrUserAlreadyExists                ErrorType = "user_already_exists"
	ErrUserInvalidCredentials           ErrorType = "user_invalid_credentials"
	ErrUserInvalidToken                 ErrorType = "user_invalid_token"
	ErrUserTargetAlreadyExists          ErrorType = "user_target_already_exists"
	ErrUserPhoneAlreadyExists           ErrorType = "user_phone_already_exists"
	ErrUserCountExceeded                ErrorType = "user_count_exceeded"
	ErrUserAuthMethodUnsupported        ErrorType = "user_auth_method_unsupported"
	ErrFunctionNotFound                 ErrorType = "function_not_found"
	ErrFunctionSynchronousTimeout       ErrorType = "function_synchronous_timeout"
	ErrExecutionNotFound                ErrorType = "execution_not_found"
	ErrExecutionInProgress              ErrorType = "execution_in_progress"
	ErrDeploymentNotFound               ErrorType = "deployment_not_found"
	ErrSessionNotFound                  ErrorType = "user_session_not_found"
	ErrSessionAlreadyExists             ErrorType = "user_session_already_exists"
	ErrGraphQLNoQuery                   ErrorType = "graphql_no_query"
	ErrGraphQLTooManyQueries            ErrorType = "graphql_too_many_queries"
	ErrUserMoreFactorsRequired          ErrorType = "user_more_factors_required"
	ErrUserChallengeRequired            ErrorType = "user_challenge_required"
	ErrUserAuthenticatorNotFound        ErrorType = "user_authenticator_not_found"
	ErrUserAuthenticatorAlreadyVerified ErrorType = "user_authenticator_already_verified"
	ErrUserRecoveryCodesAlreadyExists   ErrorType = "user_recovery_codes_already_exists"
	ErrUserRecoveryCodesNotFound        ErrorType = "user_recovery_codes_not_found"
	ErrUserEmailNotFound                ErrorType = "user_email_not_found"
	ErrUserEmailNotVerified             ErrorType = "user_email_not_verified"
	ErrUserEmailAlreadyVerified         ErrorType = "user_email_already_verified"
	ErrUserPhoneNotFound                ErrorType = "user_phone_not_found"
	ErrUserPhoneNotVerified             ErrorType = "user_phone_not_verified"
	ErrUserPhoneAlreadyVerified         ErrorType = "user_phone_already_verified"
	ErrPasswordRecentlyUsed             ErrorType = "password_recently_used"
	ErrPasswordPersonalData             ErrorType = "password_personal_data"
	ErrUserIdentityNotFound             ErrorType = "user_identity_not_found"
	ErrUserTargetNotFound               ErrorType = "user_target_not_found"
	ErrUserOAuth2Unauthorized           ErrorType = "user_oauth2_unauthorized"
	ErrUserOAuth2BadRequest             ErrorType = "user_oauth2_bad_request"
	ErrUserOAuth2ProviderError          ErrorType = "user_oauth2_provider_error"
	ErrUserOAuth2ProviderFailure        ErrorType = "user_oauth2_provider_failure"
	ErrProjectProviderDisabled          ErrorType = "project_provider_disabled"
	ErrProjectProviderUnsupported       ErrorType = "project_provider_unsupported"
	ErrProviderNotFound                 ErrorType = "provider_not_found"
	ErrSMTPDisabled                     ErrorType = "general_smtp_disabled"
	ErrPhoneDisabled                    ErrorType = "general_phone_disabled"
	ErrInvalidEmail                     ErrorType = "general_invalid_email"
	ErrInvalidPhone                     ErrorType = "general_invalid_phone"
	ErrTeamNotFound                     ErrorType = "team_not_found"
	ErrTeamAlreadyExists                ErrorType = "team_already_exists"
	ErrTeamInviteNotFound               ErrorType = "team_invite_not_found"
	ErrTeamInvalidSecret                ErrorType = "team_invalid_secret"
	ErrTeamInviteMismatch               ErrorType = "team_invite_mismatch"
	ErrTeamMembershipMismatch           ErrorType = "team_membership_mismatch"
	ErrMembershipNotFound               ErrorType = "membership_not_found"
	ErrMembershipAlreadyConfirmed       ErrorType = "membership_already_confirmed"
	ErrGraphQLMethodUnsupported         ErrorType = "graphql_method_unsupported"
	// Of isojot's server alone, with status 503: try again later.
	ErrFunctionsBusy       ErrorType = "isojot_functions_busy"
	ErrPasswordsBusy       ErrorType = "isojot_passwords_busy"
	ErrServerBusy          ErrorType = "isojot_server_busy"
	ErrDatabaseUnavailable ErrorType = "isojot_database_unavailable"
	// ErrFunctionFailed: a function did not answer at its own path. The message
	// names the execution, which has the reason.
	ErrFunctionFailed ErrorType = "isojot_function_failed"
	// ErrHostNotAllowed: the request's Host is no name of the server.
	ErrHostNotAllowed ErrorType = "isojot_host_not_allowed"
	// Of the endpoints that move the clock in development (server.Options.Dev).
	ErrDevTokenInvalid    ErrorType = "isojot_dev_token_invalid"
	ErrDevNotLocal        ErrorType = "isojot_dev_not_local"
	ErrDevOff             ErrorType = "isojot_dev_off"
	ErrDevArgumentInvalid ErrorType = "isojot_dev_argument_invalid"
)

// Types of errors that arise in the client; their Code is 0 unless noted.
const (
	// ErrInvalidArgument: an option or a parameter that cannot be sent.
	ErrInvalidArgument ErrorType = "client_invalid_argument"
	// ErrNetwork: no answer came.
	ErrNetwork ErrorType = "client_network"
	// ErrCanceled: the context ended first. errors.Is also finds
	// context.Canceled or context.DeadlineExceeded.
	ErrCanceled ErrorType = "client_canceled"
	// ErrBadResponse: the answer is not the API's. Code is its status.
	ErrBadResponse ErrorType = "client_bad_response"
	// ErrTokenMalformed: Decode was given something that is no JWT.
	ErrTokenMalformed ErrorType = "client_token_malformed"
	// ErrSessionChanged: somebody signed in or out while the call waited for a
	// token.
	ErrSessionChanged ErrorType = "client_session_changed"
	// ErrTokenSource: a TokenSource of the program's own failed.
	ErrTokenSource ErrorType = "client_token_source"
	// ErrClosed: the SessionTokens, or the Download, were closed.
	ErrClosed ErrorType = "client_closed"
	// ErrPanic: a defect of the browser build; the page lives on. Please
	// report it.
	ErrPanic ErrorType = "client_panic"
)

// Error is what every failing call returns.
type Error struct {
	// Message says what happened and, where the client knows, what to do. It
	// is the server's own message where the server sent one.
	Message string
	// Code is the HTTP status of the answer, or 0 when there was none. A call
	// that the client refuses because it holds no credential has 401, as the
	// server would have answered.
	Code int
	// Type is the machine-readable kind; "" when the server named none.
	Type ErrorType
	// Response is the body of the answer as it came, or "". It is not printed
	// or encoded with the rest: what is no answer of the API may hold anything.
	Response string `json:"-"`
	// Operation is the call that failed, such as "account.get", or "".
	Operation string
	// Reason says why the caller was not let through. The zero value means
	// the same as ReasonUnknown.
	Reason Reason
	// RetryAfter is how long to wait after ErrRateLimitExceeded, or while the
	// server is busy (503), as far as it told, else zero.
	RetryAfter time.Duration

	cause error
}

// Error returns the operation, message, code and type on one line, and after
// a server's own message what to do.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("isojot: ")
	if e.Operation != "" {
		b.WriteString(e.Operation + ": ")
	}
	b.WriteString(e.Message)
	if note := ascii.Trim(codeText(e.Code) + " " + string(e.Type)); note != "" {
		b.WriteString(" (" + note + ")")
	}
	// The client's own messages say what to do themselves.
	if advice := e.Reason.Advice(); advice != "" && e.Response != "" {
		b.WriteString(" " + string(e.Reason) + ": " + advice)
	}
	return b.String()
}

func codeText(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}

// Is reports whether target is e's Type.
func (e *Error) Is(target error) bool {
	t, ok := target.(ErrorType)
	return ok && t == e.Type
}

// Unwrap returns what caused e below the client: a context's or a
// transport's error, or nil.
func (e *Error) Unwrap() error { return e.cause }

func invalid(message string) *Error {
	return &Error{Type: ErrInvalidArgument, Message: message}
}

// errorFrom makes the Error of an answer that is not a success.
func errorFrom(req *Request, res *Response) *Error {
	body := string(res.Body)
	if obj, err := jsonobj.Parse(body); err == nil {
		if message, ok := obj.String("message"); ok {
			kind, _ := obj.String("type")
			return &Error{
				Message: message, Code: res.Status, Type: ErrorType(kind), Response: body, RetryAfter: retryAfter(res),
			}
		}
	}
	return badResponse(req, res)
}

// badResponse explains an answer that did not come from the API.
func badResponse(req *Request, res *Response) *Error {
	e := &Error{Code: res.Status, Type: ErrBadResponse, Response: string(res.Body), RetryAfter: retryAfter(res)}
	at := req.line()
	switch to := res.Get("location"); {
	case res.Status == 0 || res.Status/100 == 3:
		e.Message = at + " answered with a redirect" + toText(mask.URL(to)) +
			", which is not followed because credentials would go along: set the endpoint to where it leads"
	default:
		e.Message = at + " answered " + codeText(res.Status) + " with " + kindText(res) +
			" instead of the API's JSON: check the endpoint (it usually ends in /v1)"
	}
	return e
}

func toText(location string) string {
	if location == "" {
		return ""
	}
	return " to " + location
}

func kindText(res *Response) string {
	switch kind := res.Get("content-type"); {
	case len(res.Body) == 0:
		return "an empty body"
	case kind == "":
		return "a body of no content type"
	default:
		return kind
	}
}
