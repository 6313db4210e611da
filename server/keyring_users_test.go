package server

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/isojot/isojot/internal/pgtest"
	"github.com/isojot/isojot/internal/store"
)

// someUsers are n rows of users u0, u1, ..., and then an error, if there is one.
func someUsers(n int, end error) iter.Seq2[UserRow, error] {
	return func(yield func(UserRow, error) bool) {
		for i := range n {
			id := fmt.Sprint("u", i)
			if !yield(UserRow{Line: i + 1, Values: map[string]any{"userId": id, "email": id + "@example.com"}}, nil) {
				return
			}
		}
		if end != nil {
			yield(UserRow{}, end)
		}
	}
}

func rowsOf(rows ...map[string]any) iter.Seq2[UserRow, error] {
	return func(yield func(UserRow, error) bool) {
		for i, values := range rows {
			if !yield(UserRow{Line: i + 1, Values: values}, nil) {
				return
			}
		}
	}
}

// An import that was interrupted goes on when it is run again, and none is made
// twice; users have the order of the file.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	cut := errors.New("cut off")
	done, err := f.Keys().ImportUsers(t.Context(), f.options.Project, someUsers(700, cut), UserImport{})
	if !errors.Is(err, cut) || done != (ImportedUsers{Made: 700}) {
		t.Errorf("the first: %+v, %v", done, err)
	}
	done, err = f.Keys().ImportUsers(t.Context(), f.options.Project, someUsers(1200, nil), UserImport{})
	if err != nil || done != (ImportedUsers{Made: 500, There: 700}) {
		t.Errorf("the second: %+v, %v", done, err)
	}
	n := 0
	err = f.Keys().ExportUsers(t.Context(), f.options.Project, false, func(values map[string]any) error {
		if want := fmt.Sprint("u", n); values["userId"] != want {
			return fmt.Errorf("user %d is %v, want %s", n, values["userId"], want)
		}
		n++
		return nil
	})
	if err != nil || n != 1200 {
		t.Errorf("%d users, %v", n, err)
	}
}

// Two imports of one file at the same moment, beside sign-ups, make each user once.
func TestImportsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noLimits)
	var mu sync.Mutex
	var sum ImportedUsers
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			done, err := f.Keys().ImportUsers(t.Context(), f.options.Project, someUsers(1500, nil), UserImport{})
			mu.Lock()
			defer mu.Unlock()
			if sum.Made, sum.There = sum.Made+done.Made, sum.There+done.There; err != nil || done.Refused > 0 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
	for n := range 10 {
		f.signUp(fmt.Sprint("ann", n))
	}
	wg.Wait()
	if sum.Made != 1500 || sum.There != 1500 {
		t.Errorf("the imports made %d and found %d there, want 1500 each", sum.Made, sum.There)
	}
}

// Users are deleted while they are exported: the export goes on.
func TestExportWhileUsersGo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	if _, err := f.Keys().ImportUsers(t.Context(), f.options.Project, someUsers(3*exportPage, nil), UserImport{}); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := f.Keys().ExportUsers(t.Context(), f.options.Project, false, func(map[string]any) error {
		if seen++; seen == exportPage { // the cursor, and the one before it
			f.must(204, "DELETE", fmt.Sprint("/v1/users/u", exportPage-1), byTestKey, "")
			f.must(204, "DELETE", fmt.Sprint("/v1/users/u", exportPage-2), byTestKey, "")
		}
		return nil
	})
	if err != nil || seen != 3*exportPage {
		t.Errorf("%d users, %v", seen, err)
	}
}

// A dry run foretells what an import does, of whatever rows: of those that it has
// seen, and of those that are stored.
func TestDryRunForetells(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	keys := f.Keys()
	r := rand.New(rand.NewPCG(1, 2))
	one := func() map[string]any {
		values := map[string]any{}
		for name, format := range map[string]string{"userId": "u%d", "email": "e%d@example.com", "phone": "+491511234567%d"} {
			if r.IntN(3) > 0 {
				values[name] = fmt.Sprintf(format, r.IntN(9))
			}
		}
		return values
	}
	for range 40 {
		var rows []map[string]any
		for range 4 {
			rows = append(rows, one())
		}
		var told [2][]RefusedUser
		var done [2]ImportedUsers
		for n, dry := range []bool{true, false} {
			var err error
			done[n], err = keys.ImportUsers(t.Context(), f.options.Project, rowsOf(rows...), UserImport{DryRun: dry,
				Refused: func(row RefusedUser) error { row.Reason = ""; told[n] = append(told[n], row); return nil }})
			if err != nil {
				t.Fatal(err)
			}
		}
		if done[0] != done[1] || !slices.Equal(told[0], told[1]) {
			t.Errorf("of %v a dry run says %+v %+v, and it is %+v %+v", rows, done[0], told[0], done[1], told[1])
		}
	}
	if users, err := f.db.Users(t.Context(), f.options.Project, store.Page{Limit: 100}); err != nil || len(users) < 5 {
		t.Errorf("there are %d users, %v", len(users), err)
	}
}

// Passwords must pass the rules that are stored of the project.
func TestImportHoldsTheRules(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if err := f.Keys().SetSetting(t.Context(), f.options.Project, "password-dictionary", "true"); err != nil {
		t.Fatal(err)
	}
	var told []RefusedUser
	done, err := f.Keys().ImportUsers(t.Context(), f.options.Project, rowsOf(
		map[string]any{"userId": "ann", "email": "ann@example.com", "password": "password1"},
		map[string]any{"userId": "ben", "email": "ben@example.com", "password": "correct horse"},
	), UserImport{Refused: func(row RefusedUser) error { told = append(told, row); return nil }})
	if err != nil || done.Made != 1 || len(told) != 1 || told[0].UserID != "ann" || told[0].Field != "password" {
		t.Errorf("%+v, %+v, %v", done, told, err)
	}
	f.must(201, "POST", signInPath, nil, `{"email":"ben@example.com","password":"correct horse"}`)
	if _, err := f.Keys().ImportUsers(t.Context(), "nothing", rowsOf(), UserImport{}); !errors.Is(err, ErrNoProject) {
		t.Errorf("an unknown project: %v", err)
	}
}

func BenchmarkImportUsers(b *testing.B) {
	for name, o := range map[string]Options{"sqlite": {DataDir: b.TempDir()}, "postgres": {DatabaseURL: pgtest.New(b)}} {
		b.Run(name, func(b *testing.B) {
			s, err := New(b.Context(), o)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close() // its data is not read again
			b.ResetTimer()
			if _, err := s.Keys().ImportUsers(b.Context(), DefaultProject, someUsers(b.N, nil), UserImport{}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
