package ssr

import "fmt"

// Format implements fmt.Formatter: a session is a credential.
func (v *Visitor) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), "ssr.Visitor")
}

// Format implements fmt.Formatter, without what is known of visitors.
func (s *Sessions) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), "ssr.Sessions of "+s.base.Project())
}
