package server

import (
	"fmt"
	"net/http"
)

// errorType is the type member of an error's body.
type errorType string

// The types of contract section 3 that this server answers, and those of its
// own endpoints below /_isojot/.
const (
	errArgument        errorType = "general_argument_invalid"
	errBadRequest      errorType = "general_bad_request"
	errScope           errorType = "general_unauthorized_scope"
	errService         errorType = "general_service_disabled"
	errOrigin          errorType = "general_unknown_origin"
	errRoute           errorType = "general_route_not_found"
	errRateLimit       errorType = "general_rate_limit_exceeded"
	errUnknown         errorType = "general_unknown"
	errServer          errorType = "general_server_error"
	errProject         errorType = "project_not_found"
	errProjectMissing  errorType = "project_id_missing"
	errKeyExpired      errorType = "project_key_expired"
	errUnauthorized    errorType = "user_unauthorized"
	errJWTInvalid      errorType = "user_jwt_invalid"
	errJWTAndCookie    errorType = "user_jwt_and_cookie_set"
	errJWTDenied       errorType = "user_jwt_creation_denied"
	errBlocked         errorType = "user_blocked"
	errSessionNotFound errorType = "user_session_not_found"
	errSessionExists   errorType = "user_session_already_exists"
	errCredentials     errorType = "user_invalid_credentials"
	errUserExists      errorType = "user_already_exists"
	errUserCount       errorType = "user_count_exceeded"
	errMethod          errorType = "user_auth_method_unsupported"
	errToken           errorType = "user_invalid_token"
	errUserNotFound    errorType = "user_not_found"
	errTargetExists    errorType = "user_target_already_exists"
	errPhoneExists     errorType = "user_phone_already_exists"
	errCursor          errorType = "general_cursor_not_found"
	errNoQuery         errorType = "graphql_no_query"
	errTooManyQueries  errorType = "graphql_too_many_queries"
	errAccess          errorType = "general_access_forbidden"
	errFunction        errorType = "function_not_found"
	errDeployment      errorType = "deployment_not_found"
	errExecution       errorType = "execution_not_found"
	errInProgress      errorType = "execution_in_progress"
	errSyncTimeout     errorType = "function_synchronous_timeout"

	errBusy           errorType = "isojot_functions_busy"
	errServerBusy     errorType = "isojot_server_busy"
	errPasswordsBusy  errorType = "isojot_passwords_busy"
	errDatabase       errorType = "isojot_database_unavailable"
	errFunctionFailed errorType = "isojot_function_failed"
	errHost           errorType = "isojot_host_not_allowed"

	errDevToken    errorType = "isojot_dev_token_invalid"
	errDevRemote   errorType = "isojot_dev_not_local"
	errDevOff      errorType = "isojot_dev_off"
	errDevArgument errorType = "isojot_dev_argument_invalid"
)

// errorTable gives each type its status and its message unless another is
// given (contract section 3).
var errorTable = map[errorType]struct {
	status  int
	message string
}{
	errArgument:        {http.StatusBadRequest, "The request contains one or more invalid arguments."},
	errBadRequest:      {http.StatusBadRequest, "There was an error processing your request. Please check the inputs and try again."},
	errScope:           {http.StatusUnauthorized, "User (role: guests) missing scopes."},
	errService:         {http.StatusForbidden, "The requested service is disabled. You can enable the service from the Appwrite console."},
	errOrigin:          {http.StatusForbidden, "Invalid Origin."},
	errRoute:           {http.StatusNotFound, "Route not found. Please ensure the endpoint is configured correctly and that the API route is valid for this SDK version. Refer to the API docs for more details."},
	errRateLimit:       {http.StatusTooManyRequests, "Rate limit for the current endpoint has been exceeded. Please try again after some time."},
	errUnknown:         {http.StatusInternalServerError, "Server Error"},
	errServer:          {http.StatusInternalServerError, "Server Error"},
	errProject:         {http.StatusNotFound, "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to ensure the correct project ID is being used."},
	errProjectMissing:  {http.StatusForbidden, "When using project API key, make sure to pass x-appwrite-project header with your project ID."},
	errKeyExpired:      {http.StatusUnauthorized, "The project key has expired. Please generate a new key using the Appwrite console."},
	errUnauthorized:    {http.StatusUnauthorized, "The current user is not authorized to perform the requested action."},
	errJWTInvalid:      {http.StatusUnauthorized, "Failed to verify JWT."},
	errJWTAndCookie:    {http.StatusForbidden, "JWT and cookie used in the same request. Use either `setJWT` or `setCookie`. Learn about which authentication method to use in the SSR docs: https://appwrite.io/docs/products/auth/server-side-rendering"},
	errJWTDenied:       {http.StatusForbidden, "A JWT cannot be created from a request authorized with a JWT. Authenticate with a session cookie or session header instead."},
	errBlocked:         {http.StatusForbidden, "The current user has been blocked."},
	errSessionNotFound: {http.StatusNotFound, "The current user session could not be found."},
	errSessionExists:   {http.StatusUnauthorized, "Creation of a session is prohibited when a session is active."},
	errCredentials:     {http.StatusUnauthorized, "Invalid credentials. Please check the email and password."},
	errUserExists:      {http.StatusConflict, "A user with the same id, email, or phone already exists in this project."},
	errUserCount:       {http.StatusBadRequest, "The current project has exceeded the maximum number of users. Please check your user limit in the Appwrite console."},
	errMethod:          {http.StatusNotImplemented, "The requested authentication method is either disabled or unsupported."},
	errToken:           {http.StatusUnauthorized, "Invalid token passed in the request."},
	errUserNotFound:    {http.StatusNotFound, "User with the requested ID could not be found."},
	errTargetExists:    {http.StatusConflict, "A target with the same ID already exists."},
	errPhoneExists:     {http.StatusConflict, "A user with the same phone number already exists in the current project."},
	errCursor:          {http.StatusBadRequest, "The cursor is invalid. This can happen if the item represented by the cursor has been deleted."},
	errNoQuery:         {http.StatusBadRequest, `Param "query" is not optional.`},
	errTooManyQueries:  {http.StatusBadRequest, "Too many queries."},

	errAccess:      {http.StatusUnauthorized, "No Appwrite project was specified. Please specify your project ID when initializing your Appwrite SDK."},
	errFunction:    {http.StatusNotFound, "Function with the requested ID could not be found."},
	errDeployment:  {http.StatusNotFound, "Deployment not found. Create a deployment before trying to execute a function"},
	errExecution:   {http.StatusNotFound, "Execution with the requested ID could not be found."},
	errInProgress:  {http.StatusBadRequest, "Can't delete ongoing execution."},
	errSyncTimeout: {http.StatusRequestTimeout, "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution duration doesn't exceed 30 seconds."},

	errBusy:           {http.StatusServiceUnavailable, "Too many executions wait already. Try again later."},
	errServerBusy:     {http.StatusServiceUnavailable, "The memory for requests is used up, by those of your address or by all together. Try again later, with fewer large requests at once, and read the answers as they come."},
	errPasswordsBusy:  {http.StatusServiceUnavailable, "Too many passwords wait to be checked already. Try again later."},
	errDatabase:       {http.StatusServiceUnavailable, "The database cannot be used at the moment. Try again later."},
	errFunctionFailed: {http.StatusInternalServerError, "The function did not answer."},
	errHost:           {http.StatusForbidden, "This server does not answer here at that host."},

	errDevToken:    {http.StatusUnauthorized, "Send the token that isojot printed at its start: Authorization: Bearer <token>."},
	errDevRemote:   {http.StatusForbidden, "The clock can be moved from the machine isojot runs on only, and not by another site's page."},
	errDevOff:      {http.StatusNotFound, "The clock can be moved in development mode alone: start isojot with --dev."},
	errDevArgument: {http.StatusBadRequest, "The request is not valid."},
}

// apiError is a refusal that the caller gets to see.
type apiError struct {
	kind    errorType
	message string
}

// Error returns the message.
func (e *apiError) Error() string { return e.message }

// fail makes the error of a type with the message of the table.
func fail(kind errorType) *apiError {
	return &apiError{kind: kind, message: errorTable[kind].message}
}

// failf makes the error of a type with another message.
func failf(kind errorType, format string, args ...any) *apiError {
	return &apiError{kind: kind, message: fmt.Sprintf(format, args...)}
}
