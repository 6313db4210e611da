package server

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/isojot/isojot/internal/parts"
)

// compressFrom is how long an answer is at least that is compressed, in bytes.
const compressFrom = 1024

// zstdWindow is how far zstd looks back, in bytes: its memory is a few times that.
const zstdWindow = 128 << 10

// secretAnswers are the types of answers that are never compressed. They hold
// secrets; how long a compressed one is tells whether something that another page
// had written into it, such as an alias of GraphQL, is like a part of the secret
// (BREACH).
var secretAnswers = []string{"Session", "SessionList", "Jwt", "Token", "Identity", "IdentityList", "MfaType", "MfaChallenge", "MfaRecoveryCodes"}

// encoder compresses what is written, until it is closed.
type encoder interface {
	io.WriteCloser
	Reset(to io.Writer)
}

// encoding is an encoding of answers.
type encoding struct {
	name string
	new  func() (encoder, error)
}

// answerEncodings are those that there are, best first.
var answerEncodings = []encoding{
	{"zstd", func() (encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
	}},
	{"gzip", func() (encoder, error) { return gzip.NewWriterLevel(nil, gzip.BestSpeed) }},
	{"deflate", func() (encoder, error) { return zlib.NewWriterLevel(nil, zlib.BestSpeed) }},
}

// compressor has an encoder for each encoding that was asked for.
type compressor map[string]encoder

// compressors are as many as there are processors. While all are in use, answers go
// out as they are: so neither the memory nor the time that compression takes grows
// with the number of clients, and nobody waits for it.
type compressors struct{ free chan compressor }

func newCompressors() *compressors {
	n := runtime.GOMAXPROCS(0)
	all := &compressors{make(chan compressor, n)}
	for range n {
		all.free <- compressor{}
	}
	return all
}

// mayCompress lets the answer be compressed, as its client asks for.
func (c *call) mayCompress() {
	if e, ok := c.w.(*exchange); ok && !c.ep.secret {
		e.compressible, e.accepts = true, c.r.Header.Get("Accept-Encoding")
	}
}

// mustNotCompress takes mayCompress back.
func (c *call) mustNotCompress() {
	if e, ok := c.w.(*exchange); ok {
		e.compressible = false
	}
}

// compressed is an answer as it is sent: compressed, if it may be and is long
// enough, its client takes that, and there is room for it.
func (s *Server) compressed(w http.ResponseWriter, plain [][]byte) [][]byte {
	length := 0
	for _, part := range plain {
		length += len(part)
	}
	e, ok := w.(*exchange)
	if !ok || !e.compressible || length < compressFrom {
		return plain
	}
	e.Header().Add("Vary", "Accept-Encoding")
	at := slices.IndexFunc(answerEncodings, func(enc encoding) bool { return accepts(e.accepts, enc.name) })
	if at < 0 {
		return plain
	}
	b := &parts.Buffer{Hold: e.tryHold}
	done, err := s.compressors.write(b, answerEncodings[at], plain)
	switch {
	case err != nil && !errors.Is(err, b.Err()):
		s.log.Error("an answer does not compress", "encoding", answerEncodings[at].name, "error", err)
		fallthrough
	case !done, err != nil, b.Len() >= length:
		e.give(b.Held())
		return plain
	}
	e.Header().Set("Content-Encoding", answerEncodings[at].name)
	return b.Parts()
}

// write compresses parts by an encoding, if a compressor is free; it reports
// whether one was.
func (all *compressors) write(to io.Writer, by encoding, plain [][]byte) (bool, error) {
	select {
	case c := <-all.free:
		defer func() { all.free <- c }()
		return true, c.write(to, by, plain)
	default:
		return false, nil
	}
}

// write compresses parts by an encoding.
func (c compressor) write(to io.Writer, by encoding, plain [][]byte) error {
	enc := c[by.name]
	if enc == nil {
		made, err := by.new()
		if err != nil {
			return err
		}
		c[by.name], enc = made, made
	}
	enc.Reset(to)
	defer enc.Reset(io.Discard) // the answer is let go of
	for _, part := range plain {
		if _, err := enc.Write(part); err != nil {
			return errors.Join(err, enc.Close())
		}
	}
	return enc.Close()
}
