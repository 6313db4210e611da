package wire

import "strings"

// describeInt32 is what Appwrite's validator of integers says.
const describeInt32 = "Value must be a valid signed 32-bit integer between -2,147,483,648 and 2,147,483,647"

// Int32 is a required integer of 32 bits.
func (p Params) Int32(name string) (int, error) {
	v, err := p.required(name)
	if err != nil {
		return 0, err
	}
	n, ok := integer(v)
	if !ok {
		return 0, Invalid(name, describeInt32)
	}
	return n, nil
}

// ValidEmail reports whether a text is an e-mail address, blanks around it aside.
func ValidEmail(s string) bool { return validEmail(strings.TrimSpace(s)) }

// ValidPhone reports whether a text is a phone number in the form of E.164.
func ValidPhone(s string) bool { return phonePattern.MatchString(s) }
