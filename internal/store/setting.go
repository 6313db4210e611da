package store

import (
	"context"
	"database/sql"
)

// Settings returns the settings that are stored for a project, by name.
func (db *DB) Settings(ctx context.Context, project string) (map[string]string, error) {
	all := map[string]string{}
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var name, value string
		err := rows.Scan(&name, &value)
		all[name] = value
		return err
	}, `SELECT name, value FROM project_settings WHERE project_id = $1`, project)
	return all, err
}

// SettingsVersions returns a number for each project that changes with its
// settings.
func (db *DB) SettingsVersions(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	err := db.rows(ctx, func(rows *sql.Rows) error {
		var id string
		var version int64
		err := rows.Scan(&id, &version)
		all[id] = version
		return err
	}, `SELECT id, settings_version FROM projects`)
	return all, err
}

// SetSetting stores a setting of a project; an unknown project is ErrNotFound.
func (t *Tx) SetSetting(ctx context.Context, project, name, value string) error {
	if err := t.settingsChange(ctx, project); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO project_settings (project_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (project_id, name) DO UPDATE SET value = $3`, project, name, value)
	return err
}

// UnsetSetting forgets a setting of a project; one that is not stored, and an
// unknown project, is ErrNotFound.
func (t *Tx) UnsetSetting(ctx context.Context, project, name string) error {
	if err := t.settingsChange(ctx, project); err != nil {
		return err
	}
	return found(t.exec(ctx, `DELETE FROM project_settings WHERE project_id = $1 AND name = $2`, project, name))
}

// settingsChange counts a change, which locks the project's row.
func (t *Tx) settingsChange(ctx context.Context, project string) error {
	return found(t.exec(ctx, `UPDATE projects SET settings_version = settings_version + 1 WHERE id = $1`, project))
}
