package runner

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// errNoAnswer is the error of a process that ended, or closed its channel, before
// it answered.
var errNoAnswer = fmt.Errorf("%w: it ended without an answer", ErrCrashed)

// channel is how the harness gets its call and gives its answer: two pipes
// besides the standard streams, which are the function's own. Each carries a JSON
// head and a body, both preceded by their length in 4 bytes.
type channel struct {
	callRead, callWrite     *os.File
	answerRead, answerWrite *os.File
}

func newChannel() (*channel, error) {
	var c channel
	var err error
	if c.callRead, c.callWrite, err = os.Pipe(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	if c.answerRead, c.answerWrite, err = os.Pipe(); err != nil {
		c.callRead.Close()
		c.callWrite.Close()
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	return &c, nil
}

// theirs are the ends that the process gets, as its descriptors 3 and 4.
func (c *channel) theirs() []*os.File { return []*os.File{c.callRead, c.answerWrite} }

func (c *channel) close() {
	c.callWrite.Close()
	c.answerRead.Close()
}

// expire ends receive soon, even where the process handed its end to another.
func (c *channel) expire() {
	// Without deadlines, as on some systems, closing ends it.
	if c.answerRead.SetReadDeadline(time.Now().Add(time.Second)) != nil {
		c.answerRead.Close()
	}
}

type callHeader struct {
	File    string            `json:"file"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
}

func callHead(file string, req *Request) callHeader {
	head := callHeader{file, req.Method, req.Path, make(map[string]string, len(req.Header))}
	for name, values := range req.Header {
		separator := ", "
		if strings.EqualFold(name, "Cookie") {
			separator = "; "
		}
		head.Headers[strings.ToLower(name)] = strings.Join(values, separator)
	}
	return head
}

// send hands over a call. What goes wrong shows in that no answer comes.
func (c *channel) send(head callHeader, body []byte) {
	data, err := json.Marshal(head)
	if err != nil {
		return
	}
	for _, part := range [][]byte{data, body} {
		size := binary.BigEndian.AppendUint32(nil, uint32(len(part)))
		if _, err := c.callWrite.Write(append(size, part...)); err != nil {
			return
		}
	}
	c.callWrite.Close()
}

// reply is an answer, or why there is none.
type reply struct {
	answer
	err error
}

type answerHead struct {
	Status  int         `json:"status"`
	Headers [][2]string `json:"headers"`
}

// receive reads an answer with a body of at most limit bytes.
func (c *channel) receive(req *Request, limit int) reply {
	head, err := readFrame(&Request{}, c.answerRead, "its headers together", maxHeader)
	if err != nil {
		return reply{err: err}
	}
	var h answerHead
	if err := json.Unmarshal(head, &h); err != nil {
		return reply{err: fmt.Errorf("%w: its answer's head: %w", ErrCrashed, err)}
	}
	body, err := readFrame(req, c.answerRead, "its body", limit)
	if err != nil {
		return reply{err: err}
	}
	header := http.Header{}
	for _, pair := range h.Headers {
		header.Add(pair[0], pair[1])
	}
	checked, err := answerHeader(header)
	return reply{answer{h.Status, checked, body}, errors.Join(checkStatus(h.Status), err)}
}

func readFrame(req *Request, r io.Reader, what string, limit int) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, errNoAnswer
	}
	if n := binary.BigEndian.Uint32(size[:]); int64(n) > int64(limit) {
		return nil, tooLarge(what, limit)
	}
	n := int(binary.BigEndian.Uint32(size[:]))
	data, err := req.buffer(n, 0)
	if err != nil {
		return nil, err
	}
	data = data[:n]
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, errNoAnswer
	}
	return data, nil
}
