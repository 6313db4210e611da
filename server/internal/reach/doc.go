// Package reach tells from where a request came, and whether its sender may
// reach the server: the origins and hosts that are allowed, the proxies whose
// word counts, and the client's address.
package reach
