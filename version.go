package isojot

// Version is this module's version. The npm package carries the same one, and
// its loader refuses a WebAssembly file that reports another.
const Version = "0.1.0"
