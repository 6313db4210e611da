// Package wire is the language of the API: the parameters of requests and what
// their validators say, the errors that answers have, and the forms in which
// older clients read answers. It knows nothing of users, projects or functions.
package wire
