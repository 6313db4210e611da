//go:build js && wasm

// Command hello is the least a Go program does for a page: it gives JavaScript
// one function and stays alive. It is the floor that the size of isojot.wasm is
// counted from.
package main

import "syscall/js"

func main() {
	js.Global().Set("hello", js.FuncOf(func(this js.Value, args []js.Value) any {
		return "hello, " + args[0].String()
	}))
	select {}
}
