//go:build js && wasm

// Command scope uses each service that Go's runtime asks of its host: the
// clock, a timer, randomness, output and the global object.
package main

import (
	"crypto/rand"
	"os"
	"syscall/js"
	"time"
)

func main() {
	js.Global().Set("seen", float64(time.Now().UnixMilli()))
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	<-time.After(time.Millisecond)
	if _, err := rand.Read(make([]byte, 8)); err != nil {
		panic(err)
	}
	os.Stdout.WriteString("written\n")
	println("runtime")
}
