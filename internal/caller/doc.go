// Package caller has the names of what the calling program has, so that errors
// speak of Go's options to Go, and of the npm package's methods to JavaScript. The
// program that the npm package loads is built with the tag javascript; every
// other is called by Go. They are constants, so that texts with them are, too.
package caller
