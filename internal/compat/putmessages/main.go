// Command putmessages puts messages into the outbox of a data directory, as a
// server's requests do, while the server runs:
//
//	putmessages DATA COUNT TO    COUNT messages to an address or a number
//
// It prints their ids, a line each.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/isojot/isojot/internal/store"
)

func main() {
	if err := put(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "putmessages:", err)
		os.Exit(1)
	}
}

func put(ctx context.Context, args []string) (err error) {
	if len(args) != 3 {
		return errors.New("usage: putmessages DATA COUNT TO")
	}
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, args[0], time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	channel := store.ChannelText
	if strings.Contains(args[2], "@") {
		channel = store.ChannelMail
	}
	for i := range count {
		id := fmt.Sprintf("%016x%04x", time.Now().UnixNano(), i)
		err := db.Tx(ctx, func(t *store.Tx) error {
			now := t.Now()
			return t.InsertMessage(ctx, store.Message{ID: id, Project: "demo", Channel: channel, Kind: "recovery", To: args[2],
				Body:  `{"from":{"name":"Shop","address":"noreply@shop.example"},"replyTo":{"address":"help@shop.example"},"toName":"Änn O'Neill","subject":"Kennwort zurücksetzen für Ännchen","text":"Grüße: https://shop.example/?secret=` + id + `","html":"<p>Grüße: <a href=\"https://shop.example/?secret=` + id + `\">hier</a></p>"}`,
				State: store.MessageWaiting, DueAt: now, ExpiresAt: now.Add(time.Hour), CreatedAt: now, UpdatedAt: now})
		})
		if err != nil {
			return err
		}
		fmt.Println(id)
	}
	return nil
}
