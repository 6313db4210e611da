package isojot_test

import (
	"context"
	"io"
	"testing"

	"github.com/isojot/isojot"
)

// A transport that does not stream gives the same.
func TestOpenWithoutAStream(t *testing.T) {
	asked := false
	c := newClient(t, isojot.WithTransport(isojot.TransportFunc(func(_ context.Context, req *isojot.Request) (*isojot.Response, error) {
		asked = req.Stream
		return &isojot.Response{Status: 200, Header: map[string][]string{"content-type": {"image/gif"}}, Body: []byte("gif")}, nil
	})))
	d, err := c.Open(t.Context(), "avatars.getQR", isojot.Params{RawQuery: "text=a"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(d)
	if err != nil || string(text) != "gif" || d.Size != 3 || d.ContentType != "image/gif" || !asked || d.Close() != nil {
		t.Errorf("%q, %v, %+v", text, err, d)
	}
}
