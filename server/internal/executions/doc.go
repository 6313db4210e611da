// Package executions runs functions: at once, for callers who wait, and later,
// by a dispatcher that all servers of a database share. It knows the functions of
// a project and who may execute them, hands them their caller's token and a key,
// and stores what came of them. It answers no requests: what an execution is
// asked and how it is answered is package server's.
package executions
