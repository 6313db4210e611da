//go:build race

package harness

// crowds is how often a thousand ask at once: the race detector makes each take
// ten times as long. make test runs all of them without it.
const crowds = 3
