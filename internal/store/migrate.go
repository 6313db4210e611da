package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date. Migrations are numbered files that
// are never changed once released. A schema of a later release is an error.
func (db *DB) migrate(ctx context.Context) error { return db.dialect.migrate(ctx, db.write) }

func (d *dialect) migrate(ctx context.Context, pool *sql.DB) error {
	p, err := d.migrations(pool)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrating the schema: %w", err)
	}
	version, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: reading the version of the schema: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; version > newest {
		return fmt.Errorf("store: the database's schema is version %d, this isojot knows none after %d: use the newer release that has changed it", version, newest)
	}
	return nil
}

// migrations are those of a database.
func (d *dialect) migrations(pool *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	options, err := d.options()
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	// The global registry belongs to programs that embed this package.
	p, err := goose.NewProvider(d.goose, pool, d.files(files), append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	return p, nil
}
