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
)

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

// countedTry is one that was counted; the zero value is one that was not.
type countedTry struct {
	bucket string
	hits   store.Hits
}

// askForAddress counts a change to one, before anybody learns
// whether somebody has it: so that questions at the same moment are as few. The
// change forgives it, where nobody has.
func (c *call) askForAddress(ctx context.Context) (asked countedTry, err error) {
	if asked.bucket, err = limitAddresses.bucket(c); err != nil || limitAddresses.exempts(c) {
		return countedTry{}, err
	}
	if asked.hits, err = c.s.db.Hit(ctx, c.project.ID, asked.bucket, limitAddresses.window); err != nil {
		return asked, err
	}
	return asked, c.refuseTry(limitAddresses, asked.hits)
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
