package store

import "testing"

// BenchmarkOneRow reads the user and the session of a request, as GET /account
// does, by readers and by the prepared statements of database/sql: those take
// twice as long and make 123 allocations instead of 33, which is a fifth of such a
// request. Run it before simplifying readers away.
func BenchmarkOneRow(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir(), atNow)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	seed(b, db)
	addSession(b, db, "s1", now, 10)
	read := func(b *testing.B) {
		if u, s, err := db.UserBySecret(b.Context(), "demo", "u1", "hash of s1"); err != nil || u.ID != "u1" || s.ID != "s1" {
			b.Errorf("%+v, %+v, %v", u, s, err)
		}
	}
	one := db.one
	for _, c := range []struct {
		name string
		one  readers
	}{{"readers", one}, {"database/sql", nil}} {
		b.Run(c.name, func(b *testing.B) {
			db.one = c.one
			defer func() { db.one = one }()
			b.ReportAllocs()
			for b.Loop() {
				read(b)
			}
		})
		b.Run(c.name+" in parallel", func(b *testing.B) {
			db.one = c.one
			defer func() { db.one = one }()
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					read(b)
				}
			})
		})
	}
}
