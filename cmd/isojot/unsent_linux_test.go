package main

import (
	"io"
	"io/fs"
	"net"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/isojot/isojot/server"
)

// countedFS counts what is read of its files.
type countedFS struct {
	fs.FS
	read atomic.Int64
}

type countedFile struct {
	fs.File
	io.Seeker
	of *countedFS
}

func (c *countedFS) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return countedFile{f, f.(io.Seeker), c}, nil
}

func (f countedFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.of.read.Add(int64(n))
	return n, err
}

// The kernel takes little of an answer that nobody reads, so that whoever reads
// slowly is seen to.
func TestUnsentIsBounded(t *testing.T) {
	const size = 16 << 20
	files := &countedFS{FS: fstest.MapFS{"large.bin": {Data: make([]byte, size)}}}
	addr := patient(t, usualPatience, server.Options{Assets: files})
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	}
	if err == nil {
		_, err = io.WriteString(conn, "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for files.read.Load() <= size { // the first time for its ETag
		time.Sleep(time.Millisecond)
	}
	taken := int64(0)
	for quiet := 0; quiet < 20; quiet++ { // until no more goes for a while
		if now := files.read.Load() - size; now != taken {
			taken, quiet = now, 0
		}
		time.Sleep(10 * time.Millisecond)
	}
	if taken > 4*maxUnsent {
		t.Errorf("the kernel takes %d bytes", taken)
	}
}
