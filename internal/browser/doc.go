// Package browser holds all the JavaScript glue of the browser build: promises,
// callbacks, fetch and localStorage, over safejs, so that a missing or broken
// browser function is an error and never a panic.
//
// Everything is looked up on the global object that Go was started with. The
// loader of the npm package gives it a private one.
package browser
