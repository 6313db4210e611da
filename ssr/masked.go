package ssr

import "fmt"

// String names the type: whose session it is, is not to be printed.
func (v *Visitor) String() string { return "ssr.Visitor" }

// Format implements fmt.Formatter: by every verb the text of String.
func (v *Visitor) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), v.String())
}

// String names the project.
func (s *Sessions) String() string { return "ssr.Sessions of " + s.base.Project() }

// Format implements fmt.Formatter: by every verb the text of String.
func (s *Sessions) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), s.String())
}
