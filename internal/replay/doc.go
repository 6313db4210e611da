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
// All scenarios are played in the order they were recorded in, against one
// database: lists of users depend on what came before. Each scenario has a
// client address of its own, so that limits start anew.
package replay
