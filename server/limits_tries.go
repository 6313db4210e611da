package server

import (
	"context"

	"github.com/isojot/isojot/internal/store"
)

// Limits of what would tell a caller a secret, were it tried often enough.
// Appwrite has none of them. They count tries that fail and show in no header
// until one is refused, so that answers stay as Appwrite's.
var (
	// limitPasswords is for the password that a change of e-mail address, phone
	// number or password asks for: whoever is handed a JWT, such as a function, could
	// guess it. A change that is made empties the counter.
	limitPasswords = rule{window: hourly(10), user: true}
	// limitAddresses is for changes to an e-mail address or a phone number that
	// somebody has already, each of which tells so.
	limitAddresses = rule{window: hourly(10), route: true, ip: true}
	// limitGuesses is for what signs a user in and is short enough to be guessed,
	// from all addresses together: of a million codes, a user has 20 at most, so
	// that in an hour one guess is right by chance in 500. Links are not counted,
	// which nobody can be kept from by wrong guesses.
	limitGuesses = rule{window: hourly(100), param: "userId", as: "guesses"}
)

// maxGuessable is how long a secret is that can be guessed, in bytes.
const maxGuessable = 15

// countGuess counts the try of a secret that can be guessed, before it is compared:
// so that tries at the same moment are as few. One that is right takes it back.
func (c *call) countGuess(ctx context.Context, secret string) (countedTry, error) {
	if len(secret) > maxGuessable {
		return countedTry{}, nil
	}
	return c.countTry(ctx, limitGuesses)
}

// countPassword counts a try of the caller's password, before it is verified:
// so that tries at the same moment are as few.
func (c *call) countPassword(ctx context.Context) error {
	bucket, err := limitPasswords.bucket(c)
	if err != nil || limitPasswords.exempts(c) {
		return err
	}
	hits, err := c.s.db.Hit(ctx, c.project.ID, bucket, limitPasswords.window)
	if err != nil {
		return err
	}
	return c.refuseTry(limitPasswords, hits)
}

// forgivePasswords empties the counter of the caller's password.
func (c *call) forgivePasswords(ctx context.Context, t *store.Tx) error {
	bucket, err := limitPasswords.bucket(c)
	if err != nil {
		return err
	}
	return t.ForgetHits(ctx, c.project.ID, bucket)
}

// askForAddress counts a change to an e-mail address or a phone number, before
// anybody learns whether somebody has it: so that questions at the same moment are
// as few. The change forgives it, where nobody has.
func (c *call) askForAddress(ctx context.Context) (countedTry, error) {
	return c.countTry(ctx, limitAddresses)
}

// countedTry is one that was counted; the zero value is one that was not.
type countedTry struct {
	bucket string
	hits   store.Hits
}

// countTry counts a try by a rule, and refuses it if it is one too many.
func (c *call) countTry(ctx context.Context, r rule) (counted countedTry, err error) {
	if counted.bucket, err = r.bucket(c); err != nil || r.exempts(c) {
		return countedTry{}, err
	}
	if counted.hits, err = c.s.db.Hit(ctx, c.project.ID, counted.bucket, r.window); err != nil {
		return counted, err
	}
	return counted, c.refuseTry(r, counted.hits)
}

// forgive takes the try back.
func (a countedTry) forgive(ctx context.Context, t *store.Tx, project string) error {
	if a.bucket == "" { // it was not counted
		return nil
	}
	return t.Unhit(ctx, project, a.bucket, a.hits)
}

// refuseTry refuses the caller if so many tries were one too many already.
func (c *call) refuseTry(r rule, hits store.Hits) error {
	if r.window.Allows(hits.Used) {
		return nil
	}
	return c.budget(r.budget(hits), false)
}
