package userfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// readJSON reads the users of JSON: by lines, or those of one document.
func readJSON(r io.Reader, toRow mapper) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := bufio.NewReaderSize(skipMark(r), 64<<10)
		document, err := isDocument(in)
		switch {
		case err != nil:
			yield(Row{}, err)
		case document:
			readDocument(in, toRow, yield)
		default:
			readLines(in, toRow, yield)
		}
	}
}

// isDocument reports whether a text is a list or an object of users, and not an
// object a line: the first line is no whole object.
func isDocument(in *bufio.Reader) (bool, error) {
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return false, err
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] == '[' {
		return len(head) > 0, nil
	}
	dec := json.NewDecoder(bytes.NewReader(head))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return false, nil
	}
	for { // up to the first list among the members
		name, err := dec.Token()
		if err != nil || name == json.Delim('}') {
			return false, nil
		}
		value, err := dec.Token()
		if err != nil {
			return false, nil
		}
		if _, opens := value.(json.Delim); opens {
			return name == "users" && value == json.Delim('['), nil
		}
	}
}

// readLines reads an object a line. One that is none is a row with a fault.
func readLines(in *bufio.Reader, toRow mapper, yield func(Row, error) bool) {
	for line := 1; ; line++ {
		text, long, err := readLine(in)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				yield(Row{}, err)
			}
			return
		}
		text = bytes.TrimSpace(text)
		switch {
		case long:
			if !yield(faultyRow(line, faultOf("", "it has more than %d bytes", maxRow)), nil) {
				return
			}
		case len(text) > 0:
			if !yield(jsonRow(line, text, toRow), nil) {
				return
			}
		}
	}
}

// readLine reads a line, of which it keeps no more than maxRow bytes.
func readLine(in *bufio.Reader) (text []byte, long bool, err error) {
	for {
		part, more, err := in.ReadLine()
		if err != nil {
			return nil, false, err
		}
		if long = long || len(text)+len(part) > maxRow; !long {
			text = append(text, part...)
		}
		if !more {
			return text, long, nil
		}
	}
}

// jsonRow is the row of an object.
func jsonRow(line int, text []byte, toRow mapper) Row {
	if !utf8.Valid(text) {
		return faultyRow(line, faultOf("", "it is no text in UTF-8"))
	}
	r, err := objectOf(text)
	if err != nil {
		return faultyRow(line, err)
	}
	return rowOf(line, r, toRow)
}

// readDocument reads the users of a list, or of the member "users".
func readDocument(in io.Reader, toRow mapper, yield func(Row, error) bool) {
	bounded := &boundedReader{from: in}
	dec := json.NewDecoder(bounded)
	err := toList(dec)
	for err == nil && dec.More() {
		bounded.left(dec.InputOffset())
		var text json.RawMessage
		if err = dec.Decode(&text); err == nil {
			line := bounded.line(dec.InputOffset() - int64(len(text)))
			if !yield(jsonRow(line, text, toRow), nil) {
				return
			}
		}
	}
	if err == nil {
		_, err = dec.Token() // the end of the list: a file that was cut off has none
	}
	if err != nil {
		yield(Row{}, bounded.explain(err, dec.InputOffset()))
	}
}

// toList reads up to the first user.
func toList(dec *json.Decoder) error {
	open, err := dec.Token()
	if err != nil || open == json.Delim('[') {
		return err
	}
	for {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		value, err := dec.Token()
		if err != nil || name == "users" && value == json.Delim('[') {
			return err
		}
	}
}

// errLongRow says that a row does not end.
var errLongRow = fmt.Errorf("a row has more than %d bytes", maxRow)

// boundedReader reads no row that is longer than maxRow, and knows where lines
// begin.
type boundedReader struct {
	from  io.Reader
	read  int64   // bytes so far
	taken int64   // of them, those of the rows before
	lines int     // that have been passed
	ends  []int64 // where the lines end that have not
}

// Read implements io.Reader.
func (b *boundedReader) Read(p []byte) (int, error) {
	if b.read-b.taken > maxRow {
		return 0, errLongRow
	}
	n, err := b.from.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			b.ends = append(b.ends, b.read+int64(i))
		}
	}
	b.read += int64(n)
	return n, err
}

// left says that the rows before an offset have been taken.
func (b *boundedReader) left(offset int64) { b.taken = offset }

// line is the number of the line at an offset, which never goes back.
func (b *boundedReader) line(offset int64) int {
	passed := 0
	for passed < len(b.ends) && b.ends[passed] < offset {
		passed++
	}
	b.ends = append(b.ends[:0], b.ends[passed:]...)
	b.lines += passed
	return b.lines + 1
}

// explain says where a document cannot be read on.
func (b *boundedReader) explain(err error, offset int64) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax): // whose text quotes a character
		return fmt.Errorf("line %d: the JSON cannot be read on", b.line(syntax.Offset))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d: the JSON ends too early: was the file cut off?", b.line(b.read))
	}
	return fmt.Errorf("line %d: %w", b.line(offset), err)
}

// skipMark leaves out the byte order mark that some programs begin a file with.
func skipMark(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	if head, err := in.Peek(3); err == nil && string(head) == "\ufeff" {
		in.Discard(3) // which are there
	}
	return in
}
