package store

import (
	"context"
	"encoding/hex"
)

// InsertSigningKey stores a new signing key of a project after those that it
// has. One that the project has already is ErrDuplicate.
func (t *Tx) InsertSigningKey(ctx context.Context, project string, k SigningKey) error {
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	err := t.insert(ctx, `INSERT INTO signing_keys (project_id, id, seq, alg, secret, signs_from, created_at)
		SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT) FROM signing_keys WHERE project_id = $1
		ON CONFLICT DO NOTHING`, project, k.ID, k.Algorithm, hex.EncodeToString(k.Secret), ms(k.SignsFrom), ms(k.CreatedAt))
	if err != nil {
		return err
	}
	return t.keysChanged(ctx, project)
}

// DeleteSigningKey deletes a signing key of a project; an unknown one is
// ErrNotFound. The project must keep one.
func (t *Tx) DeleteSigningKey(ctx context.Context, project, id string) error {
	if err := found(t.exec(ctx, `DELETE FROM signing_keys WHERE project_id = $1 AND id = $2`, project, id)); err != nil {
		return err
	}
	return t.keysChanged(ctx, project)
}

// keysChanged lets every server know that it holds keys that have changed.
func (t *Tx) keysChanged(ctx context.Context, project string) error {
	return found(t.exec(ctx, `UPDATE projects SET key_version = key_version + 1 WHERE id = $1`, project))
}
