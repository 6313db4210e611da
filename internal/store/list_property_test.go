package store

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// The columns of a user in the model, by the names of UserColumns: nil, string,
// int64 or []string.
type modelUser map[string]any

// modelTexts are what names, and parts of other texts, are made of: of capital
// and small letters in ASCII and beyond, with what patterns and full-text queries
// give a meaning, and many alike.
var modelTexts = []string{"", "Ann", "ann", "ANN", "anna", "Bob", "bob's", "É", "é", "Élan", "100%", "a_b", "a!b", `say "hi"`, "-x", "a*", "NEAR", "漢字", "漢字かな", "ab", "  two  words ", "\x01\x02ab", strings.Repeat("long ", 20)}

// randomUser makes a user and its model.
func randomUser(r *rand.Rand, i int) (User, modelUser) {
	pick := func(texts []string) string { return texts[r.IntN(len(texts))] }
	at := func() time.Time { return now.Add(time.Duration(r.IntN(5)) * time.Second) }
	u := User{ID: fmt.Sprintf("%s%d", pick([]string{"a", "B", "ab-"}), i), Name: pick(modelTexts), RegisteredAt: at(), CreatedAt: at(), UpdatedAt: at(),
		Blocked: r.IntN(4) == 0, EmailVerified: r.IntN(2) == 0, PhoneVerified: r.IntN(8) == 0, Labels: []string{}}
	if r.IntN(3) > 0 {
		u.Email = fmt.Sprintf("%s%d@example.com", pick([]string{"ann", "bob", "é"}), i)
	}
	if r.IntN(4) == 0 {
		u.Phone = fmt.Sprintf("+1415%05d", i)
	}
	if r.IntN(2) == 0 {
		u.PasswordAt = at()
	}
	if r.IntN(3) > 0 {
		u.AccessedAt = at()
	}
	if r.IntN(4) == 0 {
		u.Labels = []string{pick([]string{"vip", "new"})}
	}
	return u, modelOf(u)
}

func modelOf(u User) modelUser {
	return modelUser{"$id": u.ID, "$createdAt": ms(u.CreatedAt), "$updatedAt": ms(u.UpdatedAt), "name": u.Name, "email": optional(u.Email),
		"phone": optional(u.Phone), "status": 1 - bit(u.Blocked), "passwordUpdate": ms(u.PasswordAt), "registration": ms(u.RegisteredAt),
		"accessedAt": ms(u.AccessedAt), "emailVerification": bit(u.EmailVerified), "phoneVerification": bit(u.PhoneVerified),
		"labels": u.Labels, "impersonator": int64(0)}
}

// insertModel stores a user as it is.
func insertModel(t *testing.T, db *DB, project string, u User) {
	t.Helper()
	inTx(t, db, func(tx *Tx) error {
		if err := tx.InsertUser(t.Context(), project, u, ""); err != nil {
			return err
		}
		_, err := tx.exec(t.Context(), `UPDATE users SET blocked = $1, email_verified = $2, phone_verified = $3, labels = $4 WHERE project_id = $5 AND id = $6`,
			bit(u.Blocked), bit(u.EmailVerified), bit(u.PhoneVerified), listText(u.Labels), project, u.ID)
		return err
	})
}

// text is what a search looks through.
func (m modelUser) text() string {
	parts := []string{m["$id"].(string)}
	for _, name := range []string{"email", "phone"} {
		if s, ok := m[name].(string); ok {
			parts = append(parts, s)
		}
	}
	return strings.Join(append(parts, m["name"].(string)), " ")
}

// truth is that of SQL: what is asked of a missing value is neither.
type truth int

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// holds is whether a condition holds for a user.
func (m modelUser) holds(c Condition) truth {
	switch c.Op {
	case OpAnd:
		least := yes
		for _, part := range c.Parts {
			least = min(least, m.holds(part))
		}
		return least
	case OpOr:
		most := no
		for _, part := range c.Parts {
			most = max(most, m.holds(part))
		}
		return most
	case OpNot:
		return -m.holds(c.Parts[0])
	}
	v := m.value(c.Column)
	switch {
	case c.Op == OpNull:
		return truthOf(v == nil)
	case v == nil:
		return unknown
	}
	return truthOf(slices.ContainsFunc(c.Values, func(with any) bool { return compareModel(c.Op, v, with) }))
}

func (m modelUser) value(c Column) any {
	if c == userText {
		return m.text()
	}
	for name, column := range UserColumns {
		if column == c {
			return m[name]
		}
	}
	panic("no such column")
}

func compareModel(op Op, v, with any) bool {
	if list, ok := v.([]string); ok {
		return slices.Contains(list, with.(string))
	}
	switch op {
	case OpEqual:
		return v == with
	case OpLess:
		return compareValues(v, with) < 0
	case OpLessEqual:
		return compareValues(v, with) <= 0
	case OpGreater:
		return compareValues(v, with) > 0
	case OpGreaterEqual:
		return compareValues(v, with) >= 0
	}
	text, part := lowerASCII(v.(string)), lowerASCII(with.(string))
	switch op {
	case OpStartsWith:
		return strings.HasPrefix(text, part)
	case OpEndsWith:
		return strings.HasSuffix(text, part)
	}
	return strings.Contains(text, part)
}

// compareValues puts what is missing first.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case nil:
		return cmp.Compare(0, bit(b != nil))
	case string:
		if b == nil {
			return 1
		}
		return cmp.Compare(a, b.(string))
	case int64:
		if b == nil {
			return 1
		}
		return cmp.Compare(a, b.(int64))
	case []string:
		return cmp.Compare(listText(a), listText(b.([]string)))
	}
	panic("no such type")
}

// page lists the ids of a page of users, which are in the order made.
func modelPage(users []modelUser, p Page) []string {
	sorted := slices.Clone(users)
	slices.SortStableFunc(sorted, func(a, b modelUser) int {
		for _, o := range p.Orders {
			if o.Column == (Column{}) { // the order made, which leaves nothing to compare
				return (slices.IndexFunc(users, a.is) - slices.IndexFunc(users, b.is)) * (1 - 2*int(bit(o.Desc)))
			}
			if d := compareValues(a.value(o.Column), b.value(o.Column)); d != 0 {
				return d * (1 - 2*int(bit(o.Desc)))
			}
		}
		return 0
	})
	if p.Cursor != "" {
		at := slices.IndexFunc(sorted, modelUser{"$id": p.Cursor}.is)
		if p.Before {
			sorted = sorted[:at]
		} else {
			sorted = sorted[at+1:]
		}
	}
	sorted = slices.DeleteFunc(sorted, func(m modelUser) bool { return m.holds(p.Where) != yes })
	low, high := min(p.Offset, len(sorted)), min(p.Offset+p.Limit, len(sorted))
	if p.Cursor != "" && p.Before { // nearest to the cursor
		low, high = len(sorted)-high, len(sorted)-low
	}
	ids := []string{}
	for _, m := range sorted[low:high] {
		ids = append(ids, m["$id"].(string))
	}
	return ids
}

func (m modelUser) is(other modelUser) bool { return m["$id"] == other["$id"] }

// randomPage makes a page whose values are those of users.
func randomPage(r *rand.Rand, users []modelUser) Page {
	p := Page{Limit: 1 + r.IntN(12), Where: Condition{}}
	for range r.IntN(3) {
		p.Where.Parts = append(p.Where.Parts, randomCondition(r, users, 2))
	}
	if r.IntN(4) == 0 {
		p.Where.Parts = append(p.Where.Parts, UserSearch(randomPart(r, users)+" "+randomPart(r, users)))
	}
	for range r.IntN(4) {
		o := Order{Desc: r.IntN(2) == 0}
		if r.IntN(5) > 0 {
			o.Column = randomColumn(r)
		}
		if !slices.ContainsFunc(p.Orders, func(other Order) bool { return other.Column == o.Column }) {
			p.Orders = append(p.Orders, o)
		}
	}
	if r.IntN(2) == 0 {
		p.Cursor, p.Before = users[r.IntN(len(users))]["$id"].(string), r.IntN(2) == 0
	}
	if r.IntN(4) == 0 {
		p.Offset = r.IntN(20)
	}
	return p
}

func randomColumn(r *rand.Rand) Column {
	var names []string
	for name := range UserColumns {
		names = append(names, name)
	}
	slices.Sort(names)
	return UserColumns[names[r.IntN(len(names))]]
}

// randomPart is a part of a text of a user.
func randomPart(r *rand.Rand, users []modelUser) string {
	runes := []rune(users[r.IntN(len(users))].text())
	low := r.IntN(len(runes))
	return string(runes[low : low+r.IntN(min(len(runes)-low, 24)+1)])
}

func randomCondition(r *rand.Rand, users []modelUser, depth int) Condition {
	switch n := r.IntN(10); {
	case n == 0 && depth > 0:
		return Condition{Op: OpNot, Parts: []Condition{randomCondition(r, users, depth-1)}}
	case n == 1 && depth > 0:
		op := []Op{OpAnd, OpOr}[r.IntN(2)]
		return Condition{Op: op, Parts: []Condition{randomCondition(r, users, depth-1), randomCondition(r, users, depth-1)}}
	}
	column := randomColumn(r)
	value := users[r.IntN(len(users))].value(column)
	ops := []Op{OpNull, OpEqual, OpLess, OpLessEqual, OpGreater, OpGreaterEqual}
	if column.Kind == KindText {
		ops = append(ops, OpContains, OpStartsWith, OpEndsWith, OpStartsWith, OpContains)
	}
	op := ops[r.IntN(len(ops))]
	switch {
	case column.Kind == KindList:
		op, value = []Op{OpNull, OpContains}[r.IntN(2)], "vip"
	case value == nil:
		op = OpNull
	case op >= OpContains:
		runes := []rune(value.(string))
		low := r.IntN(len(runes) + 1)
		if op == OpStartsWith {
			low = 0
		}
		value = string(runes[low : low+r.IntN(len(runes)-low+1)])
		if r.IntN(2) == 0 {
			value = strings.ToUpper(value.(string))
		}
	}
	values := []any{value}
	if other := users[r.IntN(len(users))].value(column); op == OpEqual && other != nil && r.IntN(2) == 0 {
		values = append(values, other)
	}
	return Condition{Op: op, Column: column, Values: values}
}

// Any page of any users is what sorting and filtering them in memory makes of it,
// however it is planned.
func TestUsersPagesAreThoseOfAModel(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 0))
		users := changedUsers(t, db, r)
		for i := range 400 {
			p, few := randomPage(r, users), db.dialect.few
			if few > 0 { // so few that more meet some conditions, or so many that none
				planned := *db.dialect
				planned.few = 10 + i%2*5000
				db.dialect, few = &planned, planned.few
			}
			if got, want := pageIDs(t, db, p), modelPage(users, p); !slices.Equal(got, want) {
				t.Fatalf("seed %d, few %d: %+v\nlists %q\nwant  %q", seed, few, p, got, want)
			}
			all := modelPage(users, Page{Where: p.Where, Limit: 50})
			if n, err := db.CountUsers(t.Context(), "demo", p.Where, 50); err != nil || n != len(all) {
				t.Fatalf("seed %d, few %d: %+v\ncounts %d, %v, want %d", seed, few, p.Where, n, err, len(all))
			}
		}
	})
}

// changedUsers makes users in two projects, changes some and deletes some.
func changedUsers(t *testing.T, db *DB, r *rand.Rand) []modelUser {
	t.Helper()
	for _, project := range []string{"other", "demo", "third"} {
		if _, err := db.EnsureProject(t.Context(), project); err != nil {
			t.Fatal(err)
		}
	}
	var users []modelUser
	for i := range 80 {
		u, m := randomUser(r, i)
		for _, project := range []string{"other", "demo", "third"} {
			insertModel(t, db, project, u)
		}
		switch {
		case i%10 == 0:
			inTx(t, db, func(tx *Tx) error { return tx.DeleteUser(t.Context(), "demo", u.ID, "gone") })
			continue
		case i%10 == 1:
			m["name"], m["email"], m["phone"] = "Renamed", fmt.Sprintf("new%d@example.com", i), nil
			inTx(t, db, func(tx *Tx) error {
				_, err := tx.exec(t.Context(), `UPDATE users SET name = $1, email = $2, phone = NULL WHERE project_id = $3 AND id = $4`, m["name"], m["email"], "demo", u.ID)
				return err
			})
		}
		users = append(users, m)
	}
	for _, m := range users {
		if err := db.row(t.Context(), []any{numberInto{m, "$sequence"}}, `SELECT seq FROM users WHERE project_id = 'demo' AND id = $1`, m["$id"]); err != nil {
			t.Fatal(err)
		}
	}
	return users
}

// numberInto is a column of a model that is read as an integer.
type numberInto struct {
	m    modelUser
	name string
}

// Scan implements sql.Scanner.
func (n numberInto) Scan(v any) error { n.m[n.name] = v.(int64); return nil }

func pageIDs(t *testing.T, db *DB, p Page) []string {
	t.Helper()
	users, err := db.Users(t.Context(), "demo", p)
	if err != nil {
		t.Fatalf("Users(%+v): %v", p, err)
	}
	ids := []string{}
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return ids
}

// Pages one after the other meet everyone who was there before, once, while
// others come.
func TestUsersPagesWhileOthersCome(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if _, err := db.EnsureProject(t.Context(), "demo"); err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		var there []string
		for i := range 60 {
			u, _ := randomUser(r, i)
			insertModel(t, db, "demo", u)
			there = append(there, u.ID)
		}
		slices.Sort(there)
		late := 0
		come := func() error {
			late++
			u, _ := randomUser(r, 1000+late)
			u.ID = fmt.Sprintf("late%d", late)
			return db.Tx(t.Context(), func(tx *Tx) error { return tx.InsertUser(t.Context(), "demo", u, "") })
		}
		for _, name := range []string{"$id", "phone", "status", "name"} {
			for _, before := range []bool{false, true} {
				met := slices.DeleteFunc(meetAll(t, db, Page{Limit: 9, Orders: []Order{{UserColumns[name], true}}, Before: before}, come),
					func(id string) bool { return strings.HasPrefix(id, "late") })
				if slices.Sort(met); !slices.Equal(met, there) {
					t.Errorf("by %s, before %v: met %q, want %q", name, before, met, there)
				}
			}
		}
	})
}

// meetAll reads all pages from the first row on, or backwards from the last one,
// and returns the ids. While each is read, come is called.
func meetAll(t *testing.T, db *DB, p Page, come func() error) []string {
	t.Helper()
	var met []string
	if p.Before {
		all := pageIDs(t, db, Page{Orders: p.Orders, Limit: 5000})
		p.Cursor = all[len(all)-1]
		met = append(met, p.Cursor)
	}
	for {
		came := make(chan error)
		go func() { came <- come() }()
		ids := pageIDs(t, db, p)
		if err := <-came; err != nil {
			t.Fatal(err)
		}
		met = append(met, ids...)
		if len(ids) < p.Limit {
			return met
		}
		p.Cursor = ids[len(ids)-1]
		if p.Before {
			p.Cursor = ids[0]
		}
	}
}
