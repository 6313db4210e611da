package wire

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/isojot/isojot"
)

// errorTable gives each type its status and its message unless another is
// given (contract section 3).
var errorTable = map[isojot.ErrorType]struct {
	status  int
	message string
}{
	isojot.ErrArgumentInvalid:           {http.StatusBadRequest, "The request contains one or more invalid arguments."},
	isojot.ErrBadRequest:                {http.StatusBadRequest, "There was an error processing your request. Please check the inputs and try again."},
	isojot.ErrUnauthorizedScope:         {http.StatusUnauthorized, "User (role: guests) missing scopes."},
	isojot.ErrServiceDisabled:           {http.StatusForbidden, "The requested service is disabled. You can enable the service from the Appwrite console."},
	isojot.ErrSMTPDisabled:              {http.StatusServiceUnavailable, "SMTP disabled"},
	isojot.ErrPhoneDisabled:             {http.StatusServiceUnavailable, "Phone provider not configured"},
	isojot.ErrUnknownOrigin:             {http.StatusForbidden, "Invalid Origin."},
	isojot.ErrRouteNotFound:             {http.StatusNotFound, "Route not found. Please ensure the endpoint is configured correctly and that the API route is valid for this SDK version. Refer to the API docs for more details."},
	isojot.ErrRateLimitExceeded:         {http.StatusTooManyRequests, "Rate limit for the current endpoint has been exceeded. Please try again after some time."},
	isojot.ErrUnknown:                   {http.StatusInternalServerError, "Server Error"},
	isojot.ErrServer:                    {http.StatusInternalServerError, "Server Error"},
	isojot.ErrProjectNotFound:           {http.StatusNotFound, "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to ensure the correct project ID is being used."},
	isojot.ErrProjectIDMissing:          {http.StatusForbidden, "When using project API key, make sure to pass x-appwrite-project header with your project ID."},
	isojot.ErrProjectKeyExpired:         {http.StatusUnauthorized, "The project key has expired. Please generate a new key using the Appwrite console."},
	isojot.ErrUserUnauthorized:          {http.StatusUnauthorized, "The current user is not authorized to perform the requested action."},
	isojot.ErrUserJWTInvalid:            {http.StatusUnauthorized, "Failed to verify JWT."},
	isojot.ErrUserJWTAndCookieSet:       {http.StatusForbidden, "JWT and cookie used in the same request. Use either `setJWT` or `setCookie`. Learn about which authentication method to use in the SSR docs: https://appwrite.io/docs/products/auth/server-side-rendering"},
	isojot.ErrUserJWTCreationDenied:     {http.StatusForbidden, "A JWT cannot be created from a request authorized with a JWT. Authenticate with a session cookie or session header instead."},
	isojot.ErrUserBlocked:               {http.StatusForbidden, "The current user has been blocked."},
	isojot.ErrSessionNotFound:           {http.StatusNotFound, "The current user session could not be found."},
	isojot.ErrSessionAlreadyExists:      {http.StatusUnauthorized, "Creation of a session is prohibited when a session is active."},
	isojot.ErrUserInvalidCredentials:    {http.StatusUnauthorized, "Invalid credentials. Please check the email and password."},
	isojot.ErrUserAlreadyExists:         {http.StatusConflict, "A user with the same id, email, or phone already exists in this project."},
	isojot.ErrUserCountExceeded:         {http.StatusBadRequest, "The current project has exceeded the maximum number of users. Please check your user limit in the Appwrite console."},
	isojot.ErrUserAuthMethodUnsupported: {http.StatusNotImplemented, "The requested authentication method is either disabled or unsupported."},
	isojot.ErrUserInvalidToken:          {http.StatusUnauthorized, "Invalid token passed in the request."},
	isojot.ErrUserNotFound:              {http.StatusNotFound, "User with the requested ID could not be found."},
	isojot.ErrUserTargetAlreadyExists:   {http.StatusConflict, "A target with the same ID already exists."},
	isojot.ErrUserPhoneAlreadyExists:    {http.StatusConflict, "A user with the same phone number already exists in the current project."},
	isojot.ErrQueryInvalid:              {http.StatusBadRequest, "The query's syntax is invalid. Please check the query and try again."},
	isojot.ErrCursorNotFound:            {http.StatusBadRequest, "The cursor is invalid. This can happen if the item represented by the cursor has been deleted."},
	isojot.ErrGraphQLNoQuery:            {http.StatusBadRequest, `Param "query" is not optional.`},
	isojot.ErrGraphQLTooManyQueries:     {http.StatusBadRequest, "Too many queries."},

	isojot.ErrAccessForbidden:            {http.StatusUnauthorized, "No Appwrite project was specified. Please specify your project ID when initializing your Appwrite SDK."},
	isojot.ErrFunctionNotFound:           {http.StatusNotFound, "Function with the requested ID could not be found."},
	isojot.ErrDeploymentNotFound:         {http.StatusNotFound, "Deployment not found. Create a deployment before trying to execute a function"},
	isojot.ErrExecutionNotFound:          {http.StatusNotFound, "Execution with the requested ID could not be found."},
	isojot.ErrExecutionInProgress:        {http.StatusBadRequest, "Can't delete ongoing execution."},
	isojot.ErrFunctionSynchronousTimeout: {http.StatusRequestTimeout, "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution duration doesn't exceed 30 seconds."},

	isojot.ErrUserMoreFactorsRequired:          {http.StatusUnauthorized, "More factors are required to complete the sign in process."},
	isojot.ErrUserChallengeRequired:            {http.StatusUnauthorized, "A recently successful challenge is required to complete this action. A challenge is considered recent for 5 minutes."},
	isojot.ErrUserAuthenticatorNotFound:        {http.StatusNotFound, "Authenticator could not be found on the current user."},
	isojot.ErrUserAuthenticatorAlreadyVerified: {http.StatusConflict, "This authenticator is already verified on the current user."},
	isojot.ErrUserRecoveryCodesAlreadyExists:   {http.StatusConflict, "The current user already generated recovery codes and they can only be read once for security reasons."},
	isojot.ErrUserRecoveryCodesNotFound:        {http.StatusNotFound, "Recovery codes could not be found on the current user."},
	isojot.ErrUserEmailNotFound:                {http.StatusBadRequest, "User email could not be found."},
	isojot.ErrUserEmailNotVerified:             {http.StatusBadRequest, "User email is not verified"},
	isojot.ErrUserEmailAlreadyVerified:         {http.StatusConflict, "User email is already verified"},
	isojot.ErrUserPhoneNotFound:                {http.StatusBadRequest, "The current user does not have a phone number associated with their account."},
	isojot.ErrUserPhoneNotVerified:             {http.StatusBadRequest, "User phone is not verified"},
	isojot.ErrUserPhoneAlreadyVerified:         {http.StatusConflict, "User phone is already verified"},
	isojot.ErrPasswordRecentlyUsed:             {http.StatusBadRequest, "The password you are trying to use is similar to your previous password. For your security, please choose a different password and try again."},
	isojot.ErrPasswordPersonalData:             {http.StatusBadRequest, "The password you are trying to use contains references to your name, email, phone or userID. For your security, please choose a different password and try again."},
	isojot.ErrUserIdentityNotFound:             {http.StatusNotFound, "The identity could not be found. Please sign in with OAuth provider to create identity first."},
	isojot.ErrUserTargetNotFound:               {http.StatusNotFound, "The target could not be found."},
	isojot.ErrUserOAuth2BadRequest:             {http.StatusBadRequest, "OAuth2 provider rejected the bad request."},
	isojot.ErrUserOAuth2ProviderError:          {http.StatusFailedDependency, "OAuth2 provider returned some error."},
	isojot.ErrUserOAuth2ProviderFailure:        {http.StatusFailedDependency, "OAuth2 provider couldn't complete the sign-in."},
	isojot.ErrProjectProviderDisabled:          {http.StatusPreconditionFailed, "The chosen OAuth provider is disabled. You can enable the OAuth provider using the Appwrite console."},
	isojot.ErrProviderNotFound:                 {http.StatusNotFound, "Provider with the requested ID could not be found."},
	isojot.ErrInvalidEmail:                     {http.StatusBadRequest, "Value must be a valid email address."},
	isojot.ErrInvalidPhone:                     {http.StatusBadRequest, "Value must be a valid phone number. Format this number with a leading '+' and a country code, e.g., +16175551212."},
	isojot.ErrTeamNotFound:                     {http.StatusNotFound, "Team with the requested ID could not be found."},
	isojot.ErrTeamAlreadyExists:                {http.StatusConflict, "Team with requested ID already exists. Please choose a different ID and try again."},
	isojot.ErrTeamInviteNotFound:               {http.StatusNotFound, "The requested team invitation could not be found."},
	isojot.ErrTeamInvalidSecret:                {http.StatusUnauthorized, "The team invitation secret is invalid. Please request a new invitation and try again."},
	isojot.ErrTeamInviteMismatch:               {http.StatusUnauthorized, "The invite does not belong to the current user."},
	isojot.ErrTeamMembershipMismatch:           {http.StatusNotFound, "The membership ID does not belong to the team ID."},
	isojot.ErrMembershipNotFound:               {http.StatusNotFound, "Membership with the requested ID could not be found."},
	isojot.ErrMembershipAlreadyConfirmed:       {http.StatusConflict, "Membership is already confirmed."},
	isojot.ErrGraphQLMethodUnsupported:         {http.StatusMethodNotAllowed, "GET requests only support GraphQL query operations."},

	isojot.ErrFunctionsBusy:       {http.StatusServiceUnavailable, "Too many executions wait already. Try again later."},
	isojot.ErrServerBusy:          {http.StatusServiceUnavailable, "The memory for requests is used up, by those of your address or by all together. Try again later, with fewer large requests at once, and read the answers as they come."},
	isojot.ErrPasswordsBusy:       {http.StatusServiceUnavailable, "Too many passwords wait to be checked already. Try again later."},
	isojot.ErrDatabaseUnavailable: {http.StatusServiceUnavailable, "The database cannot be used at the moment. Try again later."},
	isojot.ErrFunctionFailed:      {http.StatusInternalServerError, "The function did not answer."},
	isojot.ErrHostNotAllowed:      {http.StatusForbidden, "This server does not answer here at that host."},

	isojot.ErrDevTokenInvalid:    {http.StatusUnauthorized, "Send the token that isojot printed at its start: Authorization: Bearer <token>."},
	isojot.ErrDevNotLocal:        {http.StatusForbidden, "The clock can be moved, and messages be read, from the machine isojot runs on only, and not by another site's page."},
	isojot.ErrDevOff:             {http.StatusNotFound, "The clock can be moved in development mode alone: start isojot with --dev."},
	isojot.ErrDevArgumentInvalid: {http.StatusBadRequest, "The request is not valid."},
}

// Status is the HTTP status of a type; 0 of one that this server does not answer.
func Status(kind isojot.ErrorType) int { return errorTable[kind].status }

// Message is the message of a type, unless another is given.
func Message(kind isojot.ErrorType) string { return errorTable[kind].message }

// Kinds returns the types that this server answers.
func Kinds() []isojot.ErrorType { return slices.Sorted(maps.Keys(errorTable)) }

// Refusal is an error that the caller gets to see.
type Refusal struct {
	Kind    isojot.ErrorType
	Message string
}

// Error returns the message.
func (r *Refusal) Error() string { return r.Message }

// Status is the HTTP status that the refusal is answered with.
func (r *Refusal) Status() int { return Status(r.Kind) }

// ErrorBody is the body of every error (contract section 3).
type ErrorBody struct {
	Message string           `json:"message"`
	Code    int              `json:"code"`
	Type    isojot.ErrorType `json:"type"`
	Version string           `json:"version"`
}

// Body is the body that the refusal is answered with.
func (r *Refusal) Body() ErrorBody { return ErrorBody{r.Message, r.Status(), r.Kind, AppwriteVersion} }

// AppwriteVersion is the version of Appwrite whose behaviour the API follows:
// what /health/version and the bodies of errors say.
const AppwriteVersion = "1.9.6"

// Fail makes the refusal of a type with the message of the table.
func Fail(kind isojot.ErrorType) *Refusal { return &Refusal{kind, Message(kind)} }

// Failf makes the refusal of a type with another message.
func Failf(kind isojot.ErrorType, format string, args ...any) *Refusal {
	return &Refusal{kind, fmt.Sprintf(format, args...)}
}
