package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// seedTeams makes teams t0, t1, ... and users u0, u1, ... without anybody in them.
func seedTeams(t *testing.T, db *DB, teams, users int) {
	t.Helper()
	if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	inTx(t, db, func(tx *Tx) error {
		for i := range teams {
			if err := tx.InsertTeam(t.Context(), "demo", Team{ID: fmt.Sprintf("t%d", i), Name: fmt.Sprintf("Team %d", i%3), Prefs: []byte("{}"), CreatedAt: now, UpdatedAt: now}); err != nil {
				return err
			}
		}
		for i := range users {
			if err := tx.InsertUser(t.Context(), "demo", User{ID: fmt.Sprintf("u%d", i), Labels: []string{}, RegisteredAt: now, CreatedAt: now, UpdatedAt: now}, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// memberOf is a membership with an id that says whose it is.
func memberOf(team, user string, confirmed bool) Membership {
	m := Membership{ID: team + "-" + user, TeamID: team, UserID: user, Roles: []string{"player"}, Confirmed: confirmed, InvitedAt: now, CreatedAt: now, UpdatedAt: now}
	if confirmed {
		m.JoinedAt = now
	}
	return m
}

func TestMemberships(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		seedTeams(t, db, 2, 3)
		total := func(team string, want int) {
			t.Helper()
			if got, err := db.Team(ctx, "demo", team); err != nil || got.Total != want {
				t.Errorf("the total of %s is %d, %v, want %d", team, got.Total, err, want)
			}
		}
		insert := func(m Membership) error {
			return db.Tx(ctx, func(tx *Tx) error { return tx.InsertMembership(ctx, "demo", m) })
		}
		sent := Invitation{SecretHash: "hash", Channel: ChannelMail, Address: "u1@example.com", SignsIn: true}
		pending := memberOf("t0", "u1", false)
		pending.Invitation = sent
		for _, m := range []Membership{memberOf("t0", "u0", true), pending, memberOf("t1", "u0", true)} {
			if err := insert(m); err != nil {
				t.Fatal(err)
			}
		}
		total("t0", 1)
		other := memberOf("t0", "u0", true)
		other.ID = "another"
		if err := insert(other); !errors.Is(err, ErrDuplicate) {
			t.Errorf("the same user again: %v", err)
		}
		if err := insert(memberOf("t0", "nobody", true)); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown user: %v", err)
		}
		total("t0", 1)
		got, err := db.MembershipOf(ctx, "demo", "t0", "u1")
		if err != nil || got.Invitation != sent || got.Confirmed || !got.JoinedAt.IsZero() || got.Has("player") {
			t.Errorf("it is %+v, %v", got, err)
		}
		inTx(t, db, func(tx *Tx) error { return tx.Join(ctx, "demo", "t0", pending.ID) })
		total("t0", 2)
		for name, change := range map[string]func(*Tx) error{
			"join":   func(tx *Tx) error { return tx.Join(ctx, "demo", "t0", pending.ID) },
			"invite": func(tx *Tx) error { return tx.Invite(ctx, "demo", pending.ID, sent) },
		} {
			if err := db.Tx(ctx, change); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s one who has joined: %v", name, err)
			}
		}
		total("t0", 2)
		if all, err := db.Joined(ctx, "demo", "u0"); err != nil || len(all) != 2 || all[0].TeamID != "t0" {
			t.Errorf("u0 has joined %+v, %v", all, err)
		}
		// What ends tokens lets no invitation sign in.
		again := memberOf("t1", "u1", false)
		again.Invitation = sent
		if err := insert(again); err != nil {
			t.Fatal(err)
		}
		inTx(t, db, func(tx *Tx) error { return tx.SetPassword(ctx, "demo", "u1", "", 0) })
		if got, err := db.Membership(ctx, "demo", again.ID); err != nil || got.Invitation.SignsIn || got.Invitation.SecretHash != "hash" {
			t.Errorf("after a change of password it is %+v, %v", got, err)
		}
		inTx(t, db, func(tx *Tx) error { return tx.DeleteUser(ctx, "demo", "u0", "gone") })
		total("t0", 1)
		total("t1", 0)
		inTx(t, db, func(tx *Tx) error { return tx.DeleteMembership(ctx, "demo", again.ID) })
		total("t1", 0) // which had not joined
		inTx(t, db, func(tx *Tx) error { return tx.DeleteTeam(ctx, "demo", "t0") })
		if _, err := db.Membership(ctx, "demo", pending.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("a membership of a team that is gone: %v", err)
		}
	})
}

// Lists of memberships and teams are those of a model, in every order, from every
// cursor, of a team and of a user.
func TestListsOfTeamsAreThoseOfAModel(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		const teams, users = 6, 40
		seedTeams(t, db, teams, users)
		r := rand.New(rand.NewPCG(1, 2))
		at := func() time.Time { return now.Add(time.Duration(r.IntN(4)) * time.Second) }
		var model []Membership
		inTx(t, db, func(tx *Tx) error {
			for _, i := range r.Perm(teams * users)[:150] {
				m := memberOf(fmt.Sprintf("t%d", i%teams), fmt.Sprintf("u%d", i/teams), r.IntN(3) > 0)
				m.InvitedAt, m.CreatedAt, m.UpdatedAt = at(), at(), at()
				if m.Confirmed {
					m.JoinedAt = at()
				}
				if r.IntN(3) == 0 {
					m.Roles = []string{"a", "owner"}
				}
				if err := tx.InsertMembership(t.Context(), "demo", m); err != nil {
					return err
				}
				model = append(model, m)
			}
			return nil
		})
		keys := map[string]func(Membership) any{
			"$id": func(m Membership) any { return m.ID }, "userId": func(m Membership) any { return m.UserID }, "teamId": func(m Membership) any { return m.TeamID },
			"$createdAt": func(m Membership) any { return m.CreatedAt.UnixMilli() }, "$updatedAt": func(m Membership) any { return m.UpdatedAt.UnixMilli() },
			"invited": func(m Membership) any { return m.InvitedAt.UnixMilli() }, "confirm": func(m Membership) any { return bit(m.Confirmed) },
			"joined": func(m Membership) any {
				if m.JoinedAt.IsZero() {
					return int64(-1)
				}
				return m.JoinedAt.UnixMilli()
			},
		}
		compare := func(a, b any) int {
			if s, ok := a.(string); ok {
				return cmp.Compare(s, b.(string))
			}
			return cmp.Compare(a.(int64), b.(int64))
		}
		names := slices.Sorted(func(yield func(string) bool) {
			for name := range keys {
				if !yield(name) {
					return
				}
			}
		})
		for range 400 {
			of := MembershipsOf{Team: fmt.Sprintf("t%d", r.IntN(teams))}
			mine := func(m Membership) bool { return m.TeamID == of.Team }
			if r.IntN(2) == 0 {
				of = MembershipsOf{User: fmt.Sprintf("u%d", r.IntN(users))}
				mine = func(m Membership) bool { return m.UserID == of.User }
			}
			p := Page{Limit: 1 + r.IntN(30), Offset: r.IntN(3)}
			holds := func(Membership) bool { return true }
			switch r.IntN(4) {
			case 0:
				p.Where = Condition{Op: OpEqual, Column: MembershipColumns["confirm"], Values: []any{int64(1)}}
				holds = func(m Membership) bool { return m.Confirmed }
			case 1:
				p.Where = Condition{Op: OpContains, Column: MembershipColumns["roles"], Values: []any{"owner"}}
				holds = func(m Membership) bool { return slices.Contains(m.Roles, "owner") }
			case 2:
				p.Where = MembershipSearch("u1")
				holds = func(m Membership) bool { return strings.Contains(m.ID+" "+m.UserID, "u1") }
			}
			name, desc := names[r.IntN(len(names))], r.IntN(2) == 0
			p.Orders = []Order{{MembershipColumns[name], desc}}
			rows := slices.DeleteFunc(slices.Clone(model), func(m Membership) bool { return !mine(m) })
			slices.SortStableFunc(rows, func(a, b Membership) int {
				if desc {
					a, b = b, a
				}
				return compare(keys[name](a), keys[name](b))
			})
			if r.IntN(2) == 0 && len(rows) > 0 {
				i := r.IntN(len(rows))
				p.Cursor, p.Before = rows[i].ID, r.IntN(2) == 0
				if p.Before {
					rows = rows[:i]
				} else {
					rows = rows[i+1:]
				}
			}
			rows = slices.DeleteFunc(rows, func(m Membership) bool { return !holds(m) })
			if p.Before {
				slices.Reverse(rows)
			}
			rows = rows[min(p.Offset, len(rows)):]
			rows = rows[:min(p.Limit, len(rows))]
			if p.Before {
				slices.Reverse(rows)
			}
			got, err := db.Memberships(t.Context(), "demo", of, p)
			if err != nil || idsOfMemberships(got) != idsOfMemberships(rows) {
				t.Fatalf("%+v by %s (desc %v), %+v: %v, %v, want %v", of, name, desc, p, idsOfMemberships(got), err, idsOfMemberships(rows))
			}
			count := 0
			for _, m := range model {
				if mine(m) && holds(m) {
					count++
				}
			}
			if n, err := db.CountMemberships(t.Context(), "demo", of, p.Where, 5000); err != nil || n != count {
				t.Fatalf("%+v, %+v: %d, %v, want %d", of, p.Where, n, err, count)
			}
		}
		for i := range users {
			user := fmt.Sprintf("u%d", i)
			var want []string
			for n := range teams {
				if slices.ContainsFunc(model, func(m Membership) bool { return m.UserID == user && m.TeamID == fmt.Sprintf("t%d", n) && m.Confirmed }) {
					want = append(want, fmt.Sprintf("t%d", n))
				}
			}
			list, err := db.Teams(t.Context(), "demo", user, Page{Limit: 100})
			var got []string
			for _, team := range list {
				got = append(got, team.ID)
			}
			n, countErr := db.CountTeams(t.Context(), "demo", user, Condition{}, 5000)
			if err := errors.Join(err, countErr); err != nil || !slices.Equal(got, want) || n != len(want) {
				t.Fatalf("the teams of %s are %v (%d), %v, want %v", user, got, n, err, want)
			}
		}
	})
}

func idsOfMemberships(list []Membership) string {
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, " ")
}

// The memberships of a team are read by an index in every order that has one, and
// those of a user, and the user's teams, by the user: none reads all there are.
func TestListsOfTeamsAreReadByIndexes(t *testing.T) {
	db := openFile(t, t.TempDir())
	seedTeams(t, db, 300, 50)
	inTx(t, db, func(tx *Tx) error {
		for i := range 300 {
			for n := range 3 {
				if err := tx.InsertMembership(t.Context(), "demo", memberOf(fmt.Sprintf("t%d", i), fmt.Sprintf("u%d", (i+n)%50), true)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	plan := func(table table, p Page) string {
		q, err := db.pageQuery(t.Context(), table, "demo", p)
		if err != nil {
			t.Fatal(err)
		}
		b, text := &builder{}, ""
		err = db.query(t.Context(), func(rows *sql.Rows) error {
			var id, parent, unused int
			var line string
			err := rows.Scan(&id, &parent, &unused, &line)
			text += line + "\n"
			return err
		}, `EXPLAIN QUERY PLAN `+q.write(b), b.args...)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, desc := range []bool{false, true} {
		for name, column := range MembershipColumns {
			p := Page{Limit: 25, Orders: []Order{{column, desc}}}
			of := plan(MembershipsOf{Team: "t1"}.table(), p)
			if !strings.Contains(of, "project_id=? AND team_id=?") || column.indexed && !strings.Contains(of, "edge") && strings.Contains(of, "TEMP B-TREE") {
				t.Errorf("a team's by %s: %s", name, of)
			}
			if of := plan(MembershipsOf{User: "u1"}.table(), p); !strings.Contains(of, "project_id=? AND user_id=?") {
				t.Errorf("a user's by %s: %s", name, of)
			}
		}
		for name, column := range TeamColumns {
			p := Page{Limit: 25, Orders: []Order{{column, desc}}}
			if of := plan(teamsTable("u1"), p); !strings.Contains(of, "project_id=? AND id=?") || !strings.Contains(of, "project_id=? AND user_id=?") {
				t.Errorf("a user's teams by %s: %s", name, of)
			}
			if of := plan(teamsTable(""), p); !strings.Contains(of, "edge") && strings.Contains(of, "TEMP B-TREE") {
				t.Errorf("all teams by %s: %s", name, of)
			}
		}
	}
}
