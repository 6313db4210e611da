// Package harness holds the tests of what must hold whatever happens at the
// same time: the limits and the rights of requests whose bodies arrive late, in
// another order or all at once, while the clock moves and steps back, on one
// server with its data in a file and on three that share PostgreSQL.
//
// The tests know the server by its wire and by the exported names of package
// server alone, but for one that keeps it from writing by the database's own
// lock. A body is held back by asking for a 100 (Continue), which the
// server sends when it begins to read the body (RFC 9110 section 10.1.1): so a
// test knows, without waiting for a time, that a request has begun. What the
// server had looked at by then is its own affair; the tests judge the outcome.
//
// The race detector makes the servers so slow that what the tests hold runs into
// the bounds of slow clients: they are built without it, and make test runs them so.
package harness
