// Package providers signs users in at others: at providers of OAuth 2.0 (RFC
// 6749) with an API that says who the user is, and of OpenID Connect. It sends
// requests, and keeps what a provider says of itself for a while; what becomes of
// the user is for its caller to decide.
package providers
