// Package parts holds a long text in parts, so that it grows without being
// copied and takes no more memory than it is long.
package parts

// The least and the most that a part takes, in bytes. A part is as long as all
// before it, in between.
const (
	least = 512
	most  = 32 << 10
)

// Buffer is a text that is written once. Its zero value is empty.
type Buffer struct {
	// Hold, unless it is nil, is asked before a part is made, which takes so many
	// bytes. Its error is that of this write and of all later ones.
	Hold func(bytes int) error

	parts     [][]byte
	len, held int
	err       error
}

// Write implements io.Writer.
func (b *Buffer) Write(text []byte) (int, error) { return write(b, text) }

// WriteString implements io.StringWriter.
func (b *Buffer) WriteString(text string) (int, error) { return write(b, text) }

func write[T string | []byte](b *Buffer, text T) (n int, err error) {
	for n < len(text) {
		last, err := b.last()
		if err != nil {
			return n, err
		}
		more := copy((*last)[len(*last):cap(*last)], text[n:])
		*last = (*last)[:len(*last)+more]
		b.len += more
		n += more
	}
	return n, nil
}

// last is a part that is not full.
func (b *Buffer) last() (*[]byte, error) {
	if n := len(b.parts); b.err == nil && (n == 0 || len(b.parts[n-1]) == cap(b.parts[n-1])) {
		b.add(min(max(least, b.len), most))
	}
	if b.err != nil {
		return nil, b.err
	}
	return &b.parts[len(b.parts)-1], nil
}

// add makes a part of so many bytes, if it may.
func (b *Buffer) add(bytes int) {
	if b.Hold != nil {
		b.err = b.Hold(bytes)
	}
	if b.err == nil {
		b.held += bytes
		b.parts = append(b.parts, make([]byte, 0, bytes))
	}
}

// Truncate leaves of the text what is before n.
func (b *Buffer) Truncate(n int) {
	for b.len > n {
		last := &b.parts[len(b.parts)-1]
		cut := min(len(*last), b.len-n)
		*last = (*last)[:len(*last)-cut]
		b.len -= cut
		if len(*last) == 0 {
			b.parts = b.parts[:len(b.parts)-1]
		}
	}
}

// Err is the error of Hold.
func (b *Buffer) Err() error { return b.err }

// Len is how long the text is, in bytes.
func (b *Buffer) Len() int { return b.len }

// Held is how many bytes Hold was asked for and gave.
func (b *Buffer) Held() int { return b.held }

// Parts are the text.
func (b *Buffer) Parts() [][]byte { return b.parts }
