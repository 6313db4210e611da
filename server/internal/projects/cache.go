package projects

import (
	"context"
	"sync"

	"github.com/isojot/isojot/internal/store"
)

// Cache keeps the projects of a database that were met. It is safe for
// concurrent use.
type Cache struct {
	db    *store.DB
	known sync.Map // id -> *Project
}

// NewCache makes a Cache of a database.
func NewCache(db *store.DB) *Cache { return &Cache{db: db} }

// Find returns a project of the database; an unknown one is store.ErrNotFound.
// Those that were found are kept; that their keys have changed is noticed by
// their version.
func (c *Cache) Find(ctx context.Context, id string) (*Project, error) {
	if p, ok := c.known.Load(id); ok {
		return p.(*Project), nil
	}
	if !ValidID(id) {
		return nil, store.ErrNotFound
	}
	return c.Reload(ctx, id)
}

// Reload reads a project that is not known, or whose keys have changed.
func (c *Cache) Reload(ctx context.Context, id string) (*Project, error) {
	p, err := Load(ctx, c.db, id)
	if err != nil {
		return nil, err
	}
	c.known.Store(id, p)
	return p, nil
}

// Current is a project whose keys are those of the database.
func (c *Cache) Current(ctx context.Context, p *Project) (*Project, error) {
	version, err := c.db.KeyVersion(ctx, p.ID)
	if err != nil || version == p.Version {
		return p, err
	}
	return c.Reload(ctx, p.ID)
}
