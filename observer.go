package isojot

// observer is told of a client's calls. It is a struct of functions, since an
// interface that holds a *SessionTokens would link much of package time into
// the browser program.
type observer struct {
	begun func(followed) int // returns the era that the call belongs to
	ended func(followed, *Response, *Error)
	who   func() string
}

// begin is told of a call before it is sent, and returns the era. o may be nil.
func (o *observer) begin(call followed) int {
	if o == nil {
		return 0
	}
	return o.begun(call)
}

// end is told how a call ended. o may be nil.
func (o *observer) end(call followed, res *Response, err *Error) {
	if o != nil {
		o.ended(call, res, err)
	}
}

// user is who is signed in, as far as known. o may be nil.
func (o *observer) user() string {
	if o == nil {
		return ""
	}
	return o.who()
}
