package server

import "testing"

func TestLinksKeepWhatTheAddressHas(t *testing.T) {
	t.Parallel()
	params := []linkParam{{"userId", "ann"}, {"secret", "s&=#+ ü"}, {"expire", "2026-08-21T12:42:57.123+00:00"}}
	const own = "userId=ann&secret=s%26%3D%23%2B+%C3%BC&expire=2026-08-21T12%3A42%3A57.123%2B00%3A00"
	for address, want := range map[string]string{
		"http://localhost":                          "http://localhost?" + own,
		"http://localhost/a":                        "http://localhost/a?" + own,
		"http://localhost/a?":                       "http://localhost/a?" + own,
		"http://localhost/a#":                       "http://localhost/a?" + own + "#",
		"http://localhost/v?x=1#top?secret=y":       "http://localhost/v?x=1&" + own + "#top?secret=y",
		"http://localhost/v?x=y%20z&x=2&":           "http://localhost/v?x=y%20z&x=2&" + own,
		"appwrite-callback-demo://recovery":         "appwrite-callback-demo://recovery?" + own,
		"http://localhost/v?%73ecret=a&b&secret[]=": "http://localhost/v?secret=s%26%3D%23%2B+%C3%BC&b&userId=ann&expire=2026-08-21T12%3A42%3A57.123%2B00%3A00",
	} {
		if got := linkTo(address, params...); got != want {
			t.Errorf("%s:\n got %s\nwant %s", address, got, want)
		}
	}
	// What the address has of that name, is written over in its place.
	const of = "http://localhost/reset?a=1&secret=mine&b=2&secret=again#frag"
	if got, want := linkTo(of, linkParam{"secret", "S"}, linkParam{"userId", "ann"}), "http://localhost/reset?a=1&secret=S&b=2&userId=ann#frag"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAddressesAreASCIIInLinks(t *testing.T) {
	t.Parallel()
	if got, want := escapeBeyondASCII("http://localhost/zürich?ä=%20"), "http://localhost/z%C3%BCrich?%C3%A4=%20"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
