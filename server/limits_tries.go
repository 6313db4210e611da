package server

import (
	"context"
	"errors"

	"github.com/isojot/isojot/internal/store"
)

// Limits of what would tell a caller a secret, were it tried often enough.
// Appwrite has none of them. They count tries that fail and show in no header
// until one is refused, so that answers stay as Appwrite's.
var (
	// limitPasswords is for the password that a change of e-mail address or
	// password asks for: whoever is handed a JWT, such as a function, could
	// guess it. A change that is made empties the counter.
	limitPasswords = rule{window: hourly(10), user: true}
	// limitAddresses is for changes to an e-mail address that somebody has
	// already, each of which tells so.
	limitAddresses = rule{window: hourly(10), route: true, ip: true}
)

// countPassword counts a try of the caller's password, before it is verified:
// so that tries at the same moment are as few.
func (c *call) countPassword(ctx context.Context) error {
	bucket, err := limitPasswords.bucket(c)
	if err != nil || limitPasswords.exempts(c) {
		return err
	}
	used, err := c.s.db.Hit(ctx, c.project.ID, bucket, limitPasswords.window, c.now)
	return c.refuseTry(limitPasswords, used, err)
}

// forgivePasswords empties the counter of the caller's password.
func (c *call) forgivePasswords(ctx context.Context, t *store.Tx) error {
	bucket, err := limitPasswords.bucket(c)
	if err != nil {
		return err
	}
	return t.ForgetHits(ctx, c.project.ID, bucket)
}

// asksForAddress makes a change of e-mail address, and counts it if somebody has
// that one already.
func (c *call) asksForAddress(ctx context.Context, change func() error) error {
	bucket, err := limitAddresses.bucket(c)
	if err != nil {
		return err
	}
	if limitAddresses.exempts(c) {
		return change()
	}
	used, err := c.s.db.Hits(ctx, c.project.ID, bucket, limitAddresses.window, c.now)
	if err := c.refuseTry(limitAddresses, used, err); err != nil {
		return err
	}
	err = change()
	if e, ok := errors.AsType[*apiError](err); ok && e.kind == errTargetExists {
		if _, hit := c.s.db.Hit(ctx, c.project.ID, bucket, limitAddresses.window, c.now); hit != nil {
			return hit
		}
	}
	return err
}

// refuseTry refuses the caller if so many tries were one too many already.
func (c *call) refuseTry(r rule, used int, err error) error {
	if err != nil || r.window.Allows(used) {
		return err
	}
	return c.budget(r.window.Budget(used, c.now), false)
}
