package runner

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// maxHeader bounds an answer's header block, in bytes.
const maxHeader = 64 << 10

// hopByHop are the headers for one connection only (RFC 9110 section 7.6.1), in
// addition to those that Connection names.
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// removeHopByHop removes from h what is for one connection only.
func removeHopByHop(h http.Header) {
	for _, list := range h.Values("Connection") {
		for name := range strings.SplitSeq(list, ",") {
			h.Del(textproto.TrimString(name))
		}
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
}

// answerHeader is a checked copy of what a function answered, without what
// belongs to its connection: the body's length is known here.
func answerHeader(h http.Header) (http.Header, error) {
	out, size := make(http.Header, len(h)), 0
	for name, values := range h {
		if !httpguts.ValidHeaderFieldName(name) {
			return nil, fmt.Errorf("%w: it answered a header with an invalid name, %.20q", ErrCrashed, name)
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return nil, fmt.Errorf("%w: the header %.20q that it answered has an invalid value", ErrCrashed, name)
			}
			out.Add(name, value)
			size += len(name) + len(value)
		}
	}
	if size > maxHeader {
		return nil, tooLarge("its headers together", maxHeader)
	}
	removeHopByHop(out)
	out.Del("Content-Length")
	return out, nil
}

// checkStatus refuses what is not an answer.
func checkStatus(status int) error {
	if status < 200 || status > 599 {
		return fmt.Errorf("%w: it answered the status %d, outside 200 to 599", ErrCrashed, status)
	}
	return nil
}
