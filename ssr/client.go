package ssr

import (
	"context"

	"github.com/isojot/isojot"
)

// clientFor makes a client of this request that acts by a session, or as a
// guest for "".
func (v *Visitor) clientFor(session string) (*isojot.Client, error) {
	opts := []isojot.Option{
		isojot.WithSession(session), isojot.WithTransport(v.guard(session, v.sessions.base.Transport())),
	}
	if address := v.sessions.validAddress(v.request); address != "" {
		opts = append(opts, isojot.WithHeader("x-forwarded-for", address))
	}
	client, err := v.sessions.base.With(opts...)
	if err != nil {
		return nil, err
	}
	// The list of a user's sessions names browsers by it. One that cannot be
	// sent on is left out.
	if named, err := client.With(isojot.WithHeader("user-agent", v.request.UserAgent())); err == nil {
		return named, nil
	}
	return client, nil
}

// guard lets only this request's calls through, and sees when one of them ends
// the session.
func (v *Visitor) guard(session string, next isojot.Transport) isojot.Transport {
	return isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		if err := v.usable(ctx); err != nil {
			return nil, err
		}
		res, err := next.RoundTrip(ctx, req)
		if err == nil && res != nil && session != "" && v.sessions.cookie.cleared(res.Header["set-cookie"]) {
			v.signedOut(session)
		}
		return res, err
	})
}

// usable refuses the calls of other requests.
func (v *Visitor) usable(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return endedError()
	}
	if other, ok := FromContext(ctx); ok && other != v {
		return reusedError()
	}
	return nil
}
