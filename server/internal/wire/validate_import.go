package wire

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
