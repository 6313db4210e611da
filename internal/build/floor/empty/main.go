// Command empty does nothing: the smallest program Go makes, one of the two
// that isojot.wasm is measured against.
package main

func main() {}
