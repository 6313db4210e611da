package projects

import (
	"context"

	"github.com/isojot/isojot/internal/store"
)

// Settings returns the stored settings of a project. An unknown project is
// ErrNoProject.
func (k *Keyring) Settings(ctx context.Context, project string) (map[string]string, error) {
	if _, err := k.db.Project(ctx, project); err != nil {
		return nil, noProject(err)
	}
	return k.db.Settings(ctx, project)
}

// SetSetting stores a setting of a project. An unknown project is ErrNoProject.
func (k *Keyring) SetSetting(ctx context.Context, project, name, value string) error {
	return noProject(k.db.Tx(ctx, func(t *store.Tx) error { return t.SetSetting(ctx, project, name, value) }))
}

// UnsetSetting forgets a setting of a project; one that is not stored is
// store.ErrNotFound.
func (k *Keyring) UnsetSetting(ctx context.Context, project, name string) error {
	if _, err := k.db.Project(ctx, project); err != nil {
		return noProject(err)
	}
	return k.db.Tx(ctx, func(t *store.Tx) error { return t.UnsetSetting(ctx, project, name) })
}
