// Package replay plays recorded HTTP exchanges of a real Appwrite server
// against this repository's server and says where the answers differ.
//
// It has two sources of the same form. Recordings are turned into scenarios:
// what the recorded server handed out (ids, secrets, tokens) becomes
// variables, and everything else is compared value by value. Committed
// expectations (testdata/contract) are those scenarios without the recorded
// bodies and messages: status, error type, headers, cookies, and the JSON's
// shape. A listed difference (testdata/differences.json) names the rule behind
// it; one that is not listed, and one that no longer occurs, are both errors.
//
// There are two collections. The scenarios of the first are played in the order
// they were recorded in, against one database: lists of users depend on what
// came before. Those of the second are played apart, each against a server of its
// own on which the projects were made before, but for a few that share one; who
// or what others made is made up, and compared no further. Each scenario has a
// client address of its own, so that limits start anew.
//
// Beside exchanges, the second has mails and text messages, whose secrets and
// codes stand for those of the tested server from there on, and changes of the
// database, such as that all tokens have expired. A scenario that asks for an
// operation without a handler is pending, which the lists say with the names of
// those operations; it is played, and its differences are no faults.
//
// What differs in one scenario, listed or not, is printed by
//
//	go run ./internal/replay/cmd -file mfa-totp
package replay
