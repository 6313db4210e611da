// Command go-wasm is a page whose program is Go: it signs up, signs in,
// creates a JWT and calls with it, by the same typed API that Go programs use
// natively. Run without GOOS=js it builds itself for the browser and serves
// the page.
package main

import (
	"context"
	"os"
	"time"
)

// patience is how long an action may take.
const patience = 15 * time.Second

func main() {
	page := openPage()
	demo, err := newDemo(os.Getenv("ISOJOT_ENDPOINT"), os.Getenv("ISOJOT_PROJECT"))
	if err != nil {
		page.show("start", "", err)
		return
	}
	type action func(context.Context) (string, error)
	for id, do := range map[string]action{
		"sign-up": func(ctx context.Context) (string, error) {
			return demo.signUp(ctx, page.value("email"), page.value("password"))
		},
		"sign-in": func(ctx context.Context) (string, error) {
			return demo.signIn(ctx, page.value("email"), page.value("password"))
		},
		"create-jwt":   demo.createJWT,
		"call-session": demo.getWithSession,
		"call-jwt":     demo.getWithJWT,
		"sign-out":     demo.signOut,
	} {
		page.onClick(id, func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			text, err := do(ctx)
			page.show(id, text, err)
		})
	}
	page.show("ready", "Go is running. Sign up first.", nil)
	select {} // the page ends the program when it is closed
}
