package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// aMessage is a message that waits since now.
func aMessage(id string) Message {
	return Message{ID: id, Project: "a", Channel: ChannelMail, Kind: "recovery", To: "ann@example.com", Body: `{"text":"secret"}`,
		State: MessageWaiting, DueAt: now, ExpiresAt: now.Add(time.Hour), CreatedAt: now, UpdatedAt: now}
}

// putMessages stores messages.
func putMessages(t *testing.T, db *DB, messages ...Message) {
	t.Helper()
	if _, err := db.EnsureProject(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	err := db.Tx(t.Context(), func(tx *Tx) error {
		for _, m := range messages {
			if err := tx.InsertMessage(t.Context(), m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// claimed is what an owner can claim, until there is no more.
func claimed(t *testing.T, db *DB, owner string) (ids []string) {
	t.Helper()
	for {
		due, err := db.MessageDue(t.Context(), ChannelMail)
		if err != nil {
			t.Fatal(err)
		}
		m, err := db.ClaimMessage(t.Context(), ChannelMail, owner)
		if errors.Is(err, ErrNotFound) != !due || err != nil && due {
			t.Fatalf("due: %t, claimed: %v", due, err)
		}
		if err != nil {
			return ids
		}
		ids = append(ids, m.ID)
	}
}

func TestMessagesAreClaimedOnce(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		defer db.set(now)
		later, text, old := aMessage("m2"), aMessage("m3"), aMessage("m4")
		later.DueAt, text.Channel, old.ExpiresAt = now.Add(time.Minute), ChannelText, now
		putMessages(t, db, aMessage("m1"), later, text, old, aMessage("m5"))
		if got := claimed(t, db, "me"); !slices.Equal(got, []string{"m1", "m5"}) {
			t.Errorf("claimed: %v", got)
		}
		db.set(now.Add(time.Minute))
		if got := claimed(t, db, "another"); !slices.Equal(got, []string{"m2"}) {
			t.Errorf("claimed later: %v", got)
		}
		m, err := db.Message(t.Context(), "m1")
		if err != nil || m.State != MessageSending || m.Attempts != 1 || m.Body == "" {
			t.Errorf("%+v, %v", m, err)
		}
		if err := db.DeleteMessage(t.Context(), "m1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("deleting what is being sent: %v", err)
		}
		for _, tc := range []struct {
			id, owner string
			o         Outcome
			want      error
		}{
			{"m1", "another", Outcome{State: MessageSent}, ErrNotFound},
			{"m1", "me", Outcome{State: MessageSent, Forget: true}, nil},
			{"m1", "me", Outcome{State: MessageSent}, ErrNotFound},
			{"m5", "me", Outcome{State: MessageWaiting, Wait: time.Minute, Uncounted: true, Reason: "away"}, nil},
			{"m2", "another", Outcome{State: MessageDead, Reason: "refused"}, nil},
		} {
			if err := db.FinishMessage(t.Context(), tc.id, tc.owner, tc.o); !errors.Is(err, tc.want) {
				t.Errorf("%+v: %v", tc, err)
			}
		}
		list, err := db.Messages(t.Context(), MessageFilter{}, 10)
		if err != nil || len(list) != 5 {
			t.Fatalf("%v, %v", list, err)
		}
		if m := list[0]; m.State != MessageSent || m.Body != "" {
			t.Errorf("%+v", m)
		}
		if m := list[1]; m.State != MessageDead || m.Body == "" || m.Reason != "refused" || m.Attempts != 1 {
			t.Errorf("%+v", m)
		}
		if m := list[4]; m.State != MessageWaiting || m.Attempts != 0 || !m.DueAt.Equal(now.Add(2*time.Minute)) || m.Reason != "away" {
			t.Errorf("%+v", m)
		}
		for _, id := range []string{"m1", "m5", "nope"} {
			if err := db.RetryMessage(t.Context(), id); !errors.Is(err, ErrNotFound) {
				t.Errorf("retrying %s: %v", id, err)
			}
		}
		if err := db.RetryMessage(t.Context(), "m2"); err != nil {
			t.Error(err)
		}
		if got := claimed(t, db, "me"); !slices.Equal(got, []string{"m2"}) {
			t.Errorf("claimed again: %v", got)
		}
	})
}

// What a server was sending that has stopped waits again: what it did not know
// that it had, what its successor finds, and what another instance finds.
func TestMessagesOfStoppedServers(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		putMessages(t, db, aMessage("m1"), aMessage("m2"), aMessage("m3"))
		claimed(t, db, "me")
		if err := db.FreeMessages(t.Context(), ChannelMail, "me", []string{"m1", "m3"}); err != nil {
			t.Fatal(err)
		}
		if got := claimed(t, db, "me"); !slices.Equal(got, []string{"m2"}) {
			t.Errorf("given back: %v", got)
		}
		if err := db.FreeMessages(t.Context(), ChannelText, "me", nil); err != nil {
			t.Fatal(err)
		}
		if err := db.FreeMessages(t.Context(), ChannelMail, "another", nil); err != nil {
			t.Fatal(err)
		}
		if got := claimed(t, db, "me"); len(got) > 0 {
			t.Errorf("given back of others: %v", got)
		}
		beats, err := db.Beats(t.Context(), "another")
		if n, ok := beats["me"]; err != nil || !ok || n != 0 {
			t.Errorf("beats: %v, %v", beats, err)
		}
		if _, err := db.FailInstance(t.Context(), "me", 0, "gone"); err != nil {
			t.Fatal(err)
		}
		if got := claimed(t, db, "another"); len(got) != 3 {
			t.Errorf("of an instance: %v", got)
		}
		orphans := func(owner string) []string {
			t.Helper()
			err := db.Tx(t.Context(), func(tx *Tx) error {
				_, err := tx.FailOrphans(t.Context(), owner, "gone")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return claimed(t, db, owner)
		}
		if got := orphans("another"); len(got) > 0 {
			t.Errorf("of itself: %v", got)
		}
		if got := orphans("next"); len(got) != 3 {
			t.Errorf("of its predecessor: %v", got)
		}
	})
}

func TestMessagesAreForgotten(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		defer db.set(now)
		var all []Message
		for i := range 10 {
			sent, dead, kept := aMessage(fmt.Sprintf("s%d", i)), aMessage(fmt.Sprintf("d%d", i)), aMessage(fmt.Sprintf("k%d", i))
			sent.State, dead.State, kept.State = MessageSent, MessageDead, MessageKept
			all = append(all, sent, dead, kept)
		}
		putMessages(t, db, append(all, aMessage("w1"))...)
		tidy := func(before time.Time, most int) {
			t.Helper()
			if more, err := db.TidyMessages(t.Context(), before, most); err != nil || more {
				t.Fatalf("more: %t, %v", more, err)
			}
		}
		states := func() map[string]int {
			n := map[string]int{}
			list, err := db.Messages(t.Context(), MessageFilter{}, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				n[m.State]++
				if m.Body == "" {
					n["empty"]++
				}
			}
			return n
		}
		tidy(now, 7)
		if got := fmt.Sprint(states()); got != "map[dead:7 kept:10 sent:7 waiting:1]" {
			t.Errorf("by their number: %s", got)
		}
		db.set(now.Add(time.Hour))
		tidy(now, 7)
		if got := fmt.Sprint(states()); got != "map[dead:7 empty:7 kept:10 sent:7]" { // of the dead ones, the oldest has gone
			t.Errorf("after an hour: %s", got)
		}
		tidy(now.Add(time.Minute), 7)
		if got := fmt.Sprint(states()); got != "map[dead:1 empty:1 kept:10]" {
			t.Errorf("by their age: %s", got)
		}
		if err := db.Tx(t.Context(), func(tx *Tx) error { return tx.KeepMessages(t.Context(), 4) }); err != nil {
			t.Fatal(err)
		}
		if list, err := db.Messages(t.Context(), MessageFilter{State: MessageKept, To: "ann@example.com", Channel: ChannelMail, After: "k6"}, 10); err != nil || len(list) != 3 {
			t.Errorf("%v, %v", list, err)
		}
		if err := db.DeleteMessages(t.Context()); err != nil || len(states()) != 0 {
			t.Errorf("%v, %v", states(), err)
		}
	})
}
