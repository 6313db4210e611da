package runner

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/textproto"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// answer is what a function answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// statusLine begins an output with a header block: RFC 3875, section 6.3.3.
var statusLine = regexp.MustCompile(`^(?i:Status): ?([0-9]{3})(?: [^\r\n]*)?\r?\n`)

// parseCGI reads what a program wrote. An output whose first line is a Status
// line of RFC 3875, such as "Status: 201 Created", has headers on the lines
// below, then an empty line, then the body. Any other output is a body with
// status 200: no text becomes a header by accident, and a body that begins with
// a Status line is written below a header block.
func parseCGI(output []byte) (answer, error) {
	first := statusLine.FindSubmatch(output)
	if first == nil {
		header := http.Header{"Content-Type": {"application/octet-stream"}}
		if utf8.Valid(output) {
			header.Set("Content-Type", "text/plain; charset=utf-8")
		}
		return answer{http.StatusOK, header, output}, nil
	}
	block, body, ok := cutBlock(output)
	if !ok {
		return answer{}, fmt.Errorf("%w: no empty line ends its header block", ErrCrashed)
	}
	if len(block) > maxHeader {
		return answer{}, tooLarge("its header block", maxHeader)
	}
	header, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(block))).ReadMIMEHeader()
	if err != nil {
		// Without the line itself: it may hold anything, a token too.
		return answer{}, fmt.Errorf("%w: its header block has a line that is no header", ErrCrashed)
	}
	status, err := strconv.Atoi(string(first[1]))
	if err != nil {
		return answer{}, fmt.Errorf("%w: its status: %w", ErrCrashed, err)
	}
	if err := checkStatus(status); err != nil {
		return answer{}, err
	}
	header.Del("Status")
	checked, err := answerHeader(http.Header(header))
	return answer{status, checked, body}, err
}

// cutBlock cuts output behind its first empty line.
func cutBlock(output []byte) (block, body []byte, ok bool) {
	for at := 0; ; {
		end := bytes.IndexByte(output[at:], '\n')
		if end < 0 {
			return nil, nil, false
		}
		line := bytes.TrimSuffix(output[at:at+end], []byte("\r"))
		at += end + 1
		if len(line) == 0 {
			return output[:at], output[at:], true
		}
	}
}
