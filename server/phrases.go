package server

import (
	"crypto/rand"
	"math/big"
)

// The words of security phrases: short, and hard to take for one another.
var (
	phraseFirst = []string{
		"Amber", "Ancient", "Brave", "Bright", "Calm", "Clever", "Copper", "Cosmic", "Crimson", "Curious", "Daring", "Distant",
		"Eager", "Early", "Elegant", "Faithful", "Famous", "Fearless", "Gentle", "Golden", "Graceful", "Happy", "Honest", "Humble",
		"Icy", "Jolly", "Kind", "Lively", "Lucky", "Lunar", "Mellow", "Mighty", "Misty", "Modest", "Noble", "Northern",
		"Patient", "Playful", "Polite", "Proud", "Quick", "Quiet", "Radiant", "Rapid", "Royal", "Rustic", "Scarlet", "Secret",
		"Serene", "Shiny", "Silent", "Silver", "Simple", "Solar", "Steady", "Sunny", "Swift", "Tender", "Tidy", "Velvet",
		"Vivid", "Warm", "Wild", "Wise",
	}
	phraseSecond = []string{
		"anchor", "badger", "bamboo", "beacon", "bridge", "candle", "canyon", "castle", "cedar", "comet", "compass", "coral",
		"crane", "desert", "dolphin", "eagle", "ember", "falcon", "feather", "forest", "fountain", "garden", "glacier", "harbor",
		"hedgehog", "island", "jungle", "kettle", "lagoon", "lantern", "lemon", "lizard", "maple", "meadow", "mirror", "mountain",
		"nectar", "ocean", "orchid", "otter", "panther", "pebble", "pepper", "planet", "prairie", "puzzle", "rabbit", "raven",
		"river", "rocket", "saddle", "salmon", "shadow", "sparrow", "spruce", "summit", "tiger", "tulip", "tunnel", "turtle",
		"valley", "violin", "walnut", "willow",
	}
)

// newPhrase makes a security phrase of two words, one of 4096: who asks for a mail
// sees it, and trusts only the mail that has the same.
func newPhrase() string { return pick(phraseFirst) + " " + pick(phraseSecond) }

// pick is one of the words, each as likely.
func pick(words []string) string {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(words))))
	if err != nil { // crypto/rand cannot fail since Go 1.24
		panic(err)
	}
	return words[n.Int64()]
}
