//go:build !race

package harness

// crowds is how often a thousand ask at once.
const crowds = 20
