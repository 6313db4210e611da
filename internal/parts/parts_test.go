package parts

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// A buffer holds what bytes.Buffer would, and asks for what it takes.
func TestBuffer(t *testing.T) {
	t.Parallel()
	asked := 0
	b, want := Buffer{Hold: func(bytes int) error { asked += bytes; return nil }}, bytes.Buffer{}
	for range 2000 {
		switch text := strings.Repeat(string(rune('a'+rand.N(26))), rand.N(200)); rand.N(20) {
		case 0:
			n := rand.N(want.Len() + 1)
			b.Truncate(n)
			want.Truncate(n)
		case 1:
			text = strings.Repeat(text, 500)
			fallthrough
		default:
			_, _ = b.WriteString(text) // there is room
			_, _ = b.Write([]byte(text))
			want.WriteString(text + text)
		}
		if b.Len() != want.Len() {
			t.Fatalf("it has %d bytes, want %d", b.Len(), want.Len())
		}
	}
	if got := bytes.Join(b.Parts(), nil); !bytes.Equal(got, want.Bytes()) || b.Err() != nil {
		t.Errorf("it differs, and %v", b.Err())
	}
	taken := 0
	for _, part := range b.Parts() {
		taken += cap(part)
	}
	if asked != b.Held() || taken > asked {
		t.Errorf("it takes %d bytes, asked for %d and holds %d", taken, asked, b.Held())
	}
}

// A text takes what it is long, and a part at most.
func TestBufferTakesWhatItHolds(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, least, least + 1, 10_000, most + 1, 1 << 20} {
		var b Buffer
		for range n {
			_, _ = b.WriteString("x") // there is room
		}
		if b.Len() != n || b.Held() > max(2*n, least) || b.Held() > n+most {
			t.Errorf("%d bytes take %d", n, b.Held())
		}
	}
}

// Without room nothing more is written, by any write.
func TestBufferWithoutRoom(t *testing.T) {
	t.Parallel()
	full, room := errors.New("full"), 1000
	b := Buffer{Hold: func(bytes int) error {
		if room -= bytes; room < 0 {
			return full
		}
		return nil
	}}
	if n, err := b.Write(make([]byte, 1000)); n != least || err != full {
		t.Errorf("%d bytes, %v", n, err)
	}
	room = 1000
	b.Truncate(1)
	if n, err := b.WriteString("x"); n != 0 || err != full || b.Err() != full || b.Len() != 1 {
		t.Errorf("%d bytes of %d, %v, %v", n, b.Len(), err, b.Err())
	}
	if err := json.NewEncoder(&b).Encode(1); err != full {
		t.Errorf("an encoder: %v", err)
	}
}
