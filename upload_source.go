package isojot

import (
	"errors"
	"io"
	"io/fs"
	"strconv"
)

// source reads an upload's file: at any place, or in order where that is all that
// the reader can.
type source struct {
	reader   io.Reader
	at       io.ReaderAt // nil where chunks are read one after the other
	seeker   io.Seeker   // nil of a plain reader
	position int64       // of a plain reader
}

// newSource finds out what the reader can. A pipe has the methods of every *os.File
// and can do neither: where it does not even tell its place, it is a plain reader.
func newSource(r io.Reader) *source {
	s := &source{reader: r}
	if seeker, ok := r.(io.Seeker); ok {
		if _, err := seeker.Seek(0, io.SeekCurrent); err != nil {
			return s
		}
		s.seeker = seeker
	}
	s.at, _ = r.(io.ReaderAt)
	return s
}

// plain reports whether the reader can do no more than be read once.
func (s *source) plain() bool { return s.at == nil && s.seeker == nil }

// size is how many bytes the file has, or 0 where the reader does not tell.
func (s *source) size() (int64, error) {
	if file, ok := s.reader.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
			return info.Size(), nil
		}
	}
	if s.seeker != nil {
		return s.end()
	}
	if list, ok := s.reader.(interface{ Len() int }); ok {
		return int64(list.Len()), nil
	}
	return 0, nil
}

// end is where a Seeker's file ends. The Seeker's place stays what it was.
func (s *source) end() (int64, error) {
	place, err := s.seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	end, err := s.seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	_, err = s.seeker.Seek(place, io.SeekStart)
	return end, err
}

// read fills a chunk with the bytes that begin at start.
func (s *source) read(chunk []byte, start int64) error {
	if s.at != nil {
		n, err := s.at.ReadAt(chunk, start)
		switch {
		case n == len(chunk):
			return nil
		case err == nil:
			return io.ErrNoProgress
		}
		return err
	}
	if err := s.goTo(start); err != nil {
		return err
	}
	n, err := io.ReadFull(s.reader, chunk)
	s.position = start + int64(n)
	return err
}

// goTo goes to a chunk's start. A Seeker may be anywhere, after an upload that
// failed for one; a plain reader passes over what the server has already.
func (s *source) goTo(start int64) error {
	if s.seeker != nil {
		_, err := s.seeker.Seek(start, io.SeekStart)
		return err
	}
	n, err := io.CopyN(io.Discard, s.reader, start-s.position)
	s.position += n
	return err
}

// moreThan is the error of a reader that has more than size bytes, all of which
// have been read: with more of them unsent the file would be cut. Part of a file
// that can be read anywhere may be meant, but not none of it.
func (s *source) moreThan(size int64) error {
	more := 0
	var err error
	one := make([]byte, 1)
	switch {
	case s.plain():
		more, err = io.ReadFull(s.reader, one)
	case size == 0 && s.at != nil:
		more, err = s.at.ReadAt(one, 0)
	case size == 0:
		err = s.read(one, 0)
		more = int(s.position)
	}
	if more > 0 {
		return longer(size)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// longer is the error of a reader that has more bytes than its upload's Size.
type longer int64

func (l longer) Error() string {
	return "the reader has more than " + strconv.FormatInt(int64(l), 10) + " bytes; pass how many it has, or an io.LimitReader of it"
}

// unread is the error of a file that cannot be read.
func (u *upload) unread(cause error) error {
	e := invalid(u.field + ": " + cause.Error())
	switch _, more := errors.AsType[longer](cause); {
	case more:
		e = invalid(u.field + ".Size: " + cause.Error())
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF):
		e = invalid(u.field + ".Size: the reader ends before " + strconv.FormatInt(u.file.Size, 10) + " bytes; pass how many it has")
	}
	e.cause = cause
	return e
}
