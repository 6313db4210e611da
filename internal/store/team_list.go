package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
)

// TeamColumns are the columns that teams can be listed by, by the names of their
// members in the API.
var TeamColumns = map[string]Column{
	"$id":        {expr: "t.id", indexed: true, unique: true},
	"$createdAt": {expr: "t.created_at", Kind: KindTime, indexed: true},
	"$updatedAt": {expr: "t.updated_at", Kind: KindTime, indexed: true},
	"$sequence":  {expr: "t.seq", Kind: KindInt, indexed: true, unique: true},
	"name":       {expr: "t.name", indexed: true},
	"total":      {expr: "t.total", Kind: KindInt, indexed: true},
}

// teamText is what a search of teams looks through.
var teamText = Column{expr: "(' ' || t.id || ' ' || t.name || ' ')"}

// TeamSearch is the condition that each word of the text occurs in the id or the
// name of a team, as UserSearch reads it.
func TeamSearch(text string) Condition { return textSearch(teamText, text) }

// teamsTable is how the teams are listed that a user has joined; "": all.
func teamsTable(user string) table {
	t := table{name: "teams", alias: "t", columns: teamColumns}
	if user == "" {
		return t
	}
	t.few, t.of = true, func(b *builder, project string) string {
		return `t.id IN (SELECT m.team_id FROM memberships m WHERE m.project_id = ` + b.arg(project) + ` AND m.user_id = ` + b.arg(user) + ` AND m.confirmed = 1)`
	}
	return t
}

// Teams returns a page of the teams of a project that a user has joined, or of
// all where user is "". A cursor that is none of them is ErrNotFound.
func (db *DB) Teams(ctx context.Context, project, user string, p Page) ([]Team, error) {
	teams := []Team{}
	err := db.list(ctx, teamsTable(user), project, p, func(rows *sql.Rows) error {
		var t Team
		if err := rows.Scan(t.dest()...); err != nil {
			return err
		}
		teams = append(teams, t)
		return p.room(len(t.Prefs))
	})
	turn(p, teams)
	return teams, err
}

// CountTeams says for how many of those teams a condition holds, counting no
// further than most.
func (db *DB) CountTeams(ctx context.Context, project, user string, where Condition, most int) (int, error) {
	return db.count(ctx, teamsTable(user), project, where, most)
}

// TeamNames returns the names of teams by their ids. Those that are not there are
// left out.
func (db *DB) TeamNames(ctx context.Context, project string, ids []string) (map[string]string, error) {
	names := map[string]string{}
	err := db.byIDs(ctx, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = name
		return err
	}, `SELECT t.id, t.name FROM teams t WHERE t.project_id = $1 AND t.id IN `, project, ids)
	return names, err
}

// idsAtOnce is how many ids a query looks up.
const idsAtOnce = 500

// byIDs runs a query that ends before a list of ids, for a few of them at a time.
func (db *DB) byIDs(ctx context.Context, scanRow func(*sql.Rows) error, query, project string, ids []string) error {
	for some := range slices.Chunk(ids, idsAtOnce) {
		args, places := []any{project}, []string{}
		for _, id := range some {
			args = append(args, id)
			places = append(places, "$"+strconv.Itoa(len(args)))
		}
		if err := db.query(ctx, scanRow, query+`(`+strings.Join(places, ", ")+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}
