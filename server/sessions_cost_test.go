package server

import "testing"

// TestAnUnknownAddressCostsAHash holds that sign-ins which fail look the same,
// whoever has the address: one hash of the cost of new ones, and one answer.
// The work is counted, since times agree by chance and differ by load.
func TestAnUnknownAddressCostsAHash(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey)
	for _, id := range []string{"known", "blocked", "none"} {
		f.signUp(id)
	}
	f.must(200, "PATCH", "/v1/users/blocked/status", byTestKey, `{"status":false}`)
	f.must(200, "PATCH", "/v1/users/none/password", byTestKey, `{"password":""}`)
	cost := f.hasher.Cost()
	oneHash := int64(cost.Memory) * int64(cost.Time)
	if oneHash == 0 {
		t.Fatalf("the cost is %+v", cost)
	}
	ways := map[string]func(id string) string{
		"REST": func(id string) string { return f.must(401, "POST", signInPath, nil, wrongPassword(id)).Body.String() },
		"GraphQL": func(id string) string {
			g := f.query(nil, `mutation($e:String!){accountCreateEmailPasswordSession(email:$e,password:"wrong-password"){_id}}`, "e", id+"@example.com")
			return g.kinds()[0] + " " + g.Errors[0].Message
		},
	}
	for way, signIn := range ways {
		var said string
		for i, id := range []string{"known", "unknown", "none", "blocked"} {
			work := f.hasher.Work()
			answer := signIn(id)
			work = f.hasher.Work() - work
			if i == 0 {
				said = answer
			}
			if work != oneHash {
				t.Errorf("%s, %s: hashing takes %d KiB of work, want %d, which is one hash", way, id, work, oneHash)
			}
			if answer != said {
				t.Errorf("%s, %s: %s, but a known address gets %s", way, id, answer, said)
			}
		}
	}
	work := f.hasher.Work()
	scenario{status: 403, kind: "user_blocked"}.check(t, f.do("POST", signInPath, nil, rightPassword("blocked")))
	if work = f.hasher.Work() - work; work != oneHash {
		t.Errorf("blocked, by the right password: hashing takes %d KiB of work, want %d", work, oneHash)
	}
}
