package main

import (
	"bytes"
	"compress/gzip"
	"io"

	"github.com/andybalholm/brotli"
)

// encoding is one way a web server may compress a file ahead of time.
type encoding struct {
	suffix   string
	compress func(data []byte) ([]byte, error)
	expand   func(r io.Reader) (io.Reader, error)
}

// encodings are those of the asset server, at their highest level: a file is
// compressed once and sent many times.
var encodings = []encoding{
	{".br", brotliBest, func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	{".gz", gzipBest, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
}

func brotliBest(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	return finish(&out, w, data)
}

func gzipBest(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	return finish(&out, w, data)
}

func finish(out *bytes.Buffer, w io.WriteCloser, data []byte) ([]byte, error) {
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// holds reports whether compressed expands to exactly data. Expanding takes
// milliseconds where compressing takes seconds, so that an unchanged file need
// not be compressed again.
func (e encoding) holds(compressed, data []byte) bool {
	r, err := e.expand(bytes.NewReader(compressed))
	if err != nil {
		return false
	}
	expanded, err := io.ReadAll(r)
	return err == nil && bytes.Equal(expanded, data)
}
