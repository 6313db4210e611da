// Package projects knows the projects of a database: the keys that sign their
// users' JWTs, how these are rotated, which claims JWTs have, and the API keys.
// It knows nothing of HTTP.
package projects
