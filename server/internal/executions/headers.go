package executions

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/isojot/isojot/internal/store"
)

// hopByHop are headers of one connection (RFC 9110 section 7.6.1), and those
// that frame its messages: they are not passed on.
var hopByHop = []string{"Connection", "Content-Length", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// WithoutHopByHop takes them out.
func WithoutHopByHop(h http.Header) http.Header {
	for _, list := range h.Values("Connection") {
		for name := range strings.SplitSeq(list, ",") {
			h.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
	return h
}

// headerList are the headers as records and answers list them: the content's
// type first, then the others by name, the content's length last.
func headerList(h http.Header, keep func(name string) bool) store.Headers {
	list := store.Headers{}
	for name, values := range h {
		if name = strings.ToLower(name); keep(name) {
			list = append(list, [2]string{name, strings.Join(values, ", ")})
		}
	}
	rank := map[string]int{"content-type": -1, "content-length": 1}
	slices.SortFunc(list, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(rank[a[0]], rank[b[0]]), strings.Compare(a[0], b[0]))
	})
	return list
}

// oneOf keeps some headers.
func oneOf(names []string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// shownRequest and shownResponse are the headers that records keep (contract
// section 11).
var (
	shownRequest  = []string{"content-type", "agent", "content-length", "host", "x-appwrite-client-ip"}
	shownResponse = []string{"content-type", "content-length"}
)

// AllHeaders are the headers as records and answers list them.
func AllHeaders(h http.Header) store.Headers {
	return headerList(h, func(string) bool { return true })
}

// RequestHeaders are those of a request that a record keeps.
func RequestHeaders(h http.Header) store.Headers { return headerList(h, oneOf(shownRequest)) }
