package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Team is some users of a project.
type Team struct {
	ID   string
	Name string
	// Total is how many have joined.
	Total int
	// Prefs is a JSON object.
	Prefs json.RawMessage

	CreatedAt, UpdatedAt time.Time
}

// teamColumns are the columns of a Team; dest is where they go.
const teamColumns = `t.id, t.name, t.total, t.prefs, t.created_at, t.updated_at`

func (t *Team) dest() []any {
	return []any{&t.ID, &t.Name, &t.Total, (*rawText)(&t.Prefs), millis{&t.CreatedAt}, millis{&t.UpdatedAt}}
}

// InsertTeam stores a new team in which nobody is yet. A taken id is ErrDuplicate.
func (t *Tx) InsertTeam(ctx context.Context, project string, team Team) error {
	if err := t.lockProject(ctx, project); err != nil {
		return err
	}
	return t.insert(ctx, `INSERT INTO teams (project_id, id, name, prefs, created_at, updated_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, (SELECT COALESCE(MAX(seq), 0) + 1 FROM teams WHERE project_id = $1)) ON CONFLICT DO NOTHING`,
		project, team.ID, team.Name, string(team.Prefs), ms(team.CreatedAt), ms(team.UpdatedAt))
}

// Team returns a team, or ErrNotFound.
func (db *DB) Team(ctx context.Context, project, id string) (team Team, err error) {
	err = db.row(ctx, team.dest(), teamByID, project, id)
	return team, err
}

const teamByID = `SELECT ` + teamColumns + ` FROM teams t WHERE t.project_id = $1 AND t.id = $2`

// Team is the same in a transaction, until whose end the team and its memberships
// stay as they are: whatever changes those, locks the team before.
func (t *Tx) Team(ctx context.Context, project, id string) (team Team, err error) {
	err = t.row(ctx, team.dest(), teamByID+t.db.dialect.lockRow, project, id)
	return team, err
}

// SetTeamName renames a team; an unknown one is ErrNotFound.
func (t *Tx) SetTeamName(ctx context.Context, project, id, name string) error {
	return t.updateTeam(ctx, project, id, `name = $1`, name)
}

// SetTeamPrefs replaces a team's preferences, a JSON object; an unknown team is
// ErrNotFound.
func (t *Tx) SetTeamPrefs(ctx context.Context, project, id string, prefs json.RawMessage) error {
	return t.updateTeam(ctx, project, id, `prefs = $1`, string(prefs))
}

// addMembers changes how many have joined a team, which then stays as it is until
// the transaction ends.
func (t *Tx) addMembers(ctx context.Context, project, id string, n int) error {
	return t.updateTeam(ctx, project, id, `total = total + $1`, n)
}

// updateTeam sets a column of a team; set names its value $1.
func (t *Tx) updateTeam(ctx context.Context, project, id, set string, value any) error {
	query := fmt.Sprintf(`UPDATE teams SET %s, updated_at = %s WHERE project_id = $%d AND id = $%d`, set, notBefore("updated_at", 2), 3, 4)
	return found(t.exec(ctx, query, value, ms(t.Now()), project, id))
}

// DeleteTeam deletes a team with its memberships; an unknown one is ErrNotFound.
func (t *Tx) DeleteTeam(ctx context.Context, project, id string) error {
	return found(t.exec(ctx, `DELETE FROM teams WHERE project_id = $1 AND id = $2`, project, id))
}
