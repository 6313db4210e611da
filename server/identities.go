package server

import (
	"net/http"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/listing"
	"github.com/isojot/isojot/server/internal/wire"
)

// identityHandlers answer the operations of a user's own identities, and
// usersIdentityHandlers those of everybody's.
var (
	identityHandlers = handlers{
		"account.listIdentities": (*call).listOwnIdentities,
		"account.deleteIdentity": (*call).deleteOwnIdentity,
	}
	usersIdentityHandlers = handlers{
		"users.listIdentities": (*call).listAllIdentities,
		"users.deleteIdentity": (*call).deleteAnyIdentity,
	}
)

// identityJSON is an identity.
type identityJSON struct {
	ID                        string `json:"$id"`
	CreatedAt                 string `json:"$createdAt"`
	UpdatedAt                 string `json:"$updatedAt"`
	UserID                    string `json:"userId"`
	Provider                  string `json:"provider"`
	ProviderUID               string `json:"providerUid"`
	ProviderEmail             string `json:"providerEmail"`
	ProviderAccessToken       string `json:"providerAccessToken"`
	ProviderAccessTokenExpiry string `json:"providerAccessTokenExpiry"`
	ProviderRefreshToken      string `json:"providerRefreshToken"`
}

func (i identityJSON) Format(wire.Version) any { return i }

// identityView is an identity as the caller sees it.
func (c *call) identityView(i *store.Identity) identityJSON {
	access, expiry, refresh := providerTokenJSON(c.openToken(i.Provider, i.Token))
	return identityJSON{
		ID: i.ID, CreatedAt: wire.Date(i.CreatedAt), UpdatedAt: wire.Date(i.UpdatedAt), UserID: i.UserID,
		Provider: i.Provider, ProviderUID: i.UID, ProviderEmail: i.Email,
		ProviderAccessToken: access, ProviderAccessTokenExpiry: expiry, ProviderRefreshToken: refresh,
	}
}

// listOwnIdentities answers with the caller's identities: GET /account/identities.
func (c *call) listOwnIdentities() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	page, err := listing.Parse(p, store.IdentityColumns)
	if err != nil {
		return err
	}
	page.Where.Parts = append(page.Where.Parts, store.IdentitiesOf(c.user.ID))
	return c.answerIdentities(p, page)
}

// listAllIdentities answers with the identities of the project's users:
// GET /users/identities. As in Appwrite, they cannot be searched.
func (c *call) listAllIdentities() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	page, err := listing.Parse(p, store.IdentityColumns)
	if err != nil {
		return err
	}
	search, err := p.OptionalText("search", "Value must be a valid string and no longer than 256 chars",
		func(s string) bool { return len([]rune(s)) <= maxSearch })
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(search) != "":
		return wire.Failf(isojot.ErrQueryInvalid, "Invalid query: Attribute not found in schema: search")
	}
	return c.answerIdentities(p, page)
}

// answerIdentities answers with a page of identities.
func (c *call) answerIdentities(p wire.Params, page store.Page) error {
	total, err := listing.WantsTotal(p)
	if err != nil {
		return err
	}
	page.Room = c.memory().tryHold
	identities, err := c.s.db.Identities(c.r.Context(), c.project.ID, page)
	if err != nil {
		return store.NotFoundAs(err, wire.Failf(isojot.ErrCursorNotFound, "Identity '%s' for the 'cursor' value not found.", page.Cursor))
	}
	list := listJSON{name: "identities"}
	for i := range identities {
		list.items = append(list.items, c.identityView(&identities[i]))
	}
	if total {
		if list.total, err = listing.Total(page, len(identities), func(most int) (int, error) {
			return c.s.db.CountIdentities(c.r.Context(), c.project.ID, page.Where, most)
		}); err != nil {
			return err
		}
	}
	c.answer(http.StatusOK, list)
	return nil
}

// deleteOwnIdentity deletes an identity of the caller, who no longer gets in by it;
// sessions that it signed in to end, the caller's own if it is one of them:
// DELETE /account/identities/{identityId}.
func (c *call) deleteOwnIdentity() error {
	return c.deleteIdentity(func(i *store.Identity) error {
		if i.UserID != c.user.ID {
			return wire.Fail(isojot.ErrUserUnauthorized)
		}
		return nil
	})
}

// deleteAnyIdentity deletes an identity: DELETE /users/identities/{identityId}.
func (c *call) deleteAnyIdentity() error {
	return c.deleteIdentity(func(*store.Identity) error { return nil })
}

// deleteIdentity deletes the identity of the path, if it is allowed.
func (c *call) deleteIdentity(allowed func(*store.Identity) error) error {
	id, err := wire.UID("identityId", c.r.PathValue("identityId"))
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	var identity store.Identity
	err = c.act(func(t *store.Tx) (err error) {
		if identity, err = t.Identity(ctx, c.project.ID, id); err == nil {
			err = allowed(&identity)
		}
		if err != nil {
			return err
		}
		keep := "" // who unlinks a provider stays signed in here
		if c.session != nil {
			keep = c.session.ID
		}
		return t.DeleteIdentity(ctx, c.project.ID, identity, keep)
	})
	if err != nil {
		return store.NotFoundAs(err, wire.Fail(isojot.ErrUserIdentityNotFound))
	}
	noContent(c.w)
	return nil
}
