package isojot

import (
	"io"
	"reflect"
	"slices"
	"strconv"
	"sync"
)

// UploadState is what a server has of a file, and of which. Encoded as JSON it
// outlasts the program. It is read in Progress, and when no upload is using it.
type UploadState struct {
	// ID is the file's, or the deployment's, once there is one.
	ID string `json:"id"`
	// Chunks are the numbers of the chunks that it has.
	Chunks []int `json:"chunks"`
	// Operation is what sends the file, and Path where to, with the ids in it.
	Operation string `json:"operation"`
	Path      string `json:"path"`
	// Name and Size are the file's.
	Name string `json:"name"`
	Size int64  `json:"size"`

	// reader is the plain reader of which a part has been read.
	reader io.Reader
}

// statesInUse has the *UploadState of each upload on its way. It is not kept in the
// states, whose copies are no upload's.
var statesInUse sync.Map

// takeState makes the file's state the upload's until it is given back.
func (u *upload) takeState() (giveBack func(), err error) {
	state := u.file.State
	if state == nil {
		state = &UploadState{}
	}
	if _, taken := statesInUse.LoadOrStore(state, true); taken {
		return nil, refuse(u.operation, u.field+".State", "in use by another upload; wait for its end, or pass a new UploadState")
	}
	u.state = state
	return func() { statesInUse.Delete(state) }, nil
}

// checkState refuses the state of another file, and puts in order what one that was
// stored says. Without the first chunk, which makes the file, there is none.
func (u *upload) checkState() error {
	s := u.state
	if u.source.plain() && sameReader(s.reader, u.file.Reader) {
		return refuse(u.operation, u.field+".Reader", "an earlier upload has read from it, and it cannot go back; pass a reader that is at the file's beginning")
	}
	of := UploadState{Operation: u.operation.Name, Path: u.path, Name: u.file.Name, Size: u.file.Size, reader: s.reader}
	if s.ID == "" || !slices.Contains(s.Chunks, 0) {
		*s = of
		return nil
	}
	for _, has := range [][3]string{
		{"operation", s.Operation, of.Operation}, {"path", s.Path, of.Path}, {"name", s.Name, of.Name},
		{"size", strconv.FormatInt(s.Size, 10), strconv.FormatInt(of.Size, 10)},
	} {
		if has[1] != has[2] {
			return refuse(u.operation, u.field+".State", "of another file: its "+has[0]+" is "+quote(has[1])+", this one's "+quote(has[2])+"; pass a new UploadState")
		}
	}
	slices.Sort(s.Chunks)
	s.Chunks = slices.DeleteFunc(slices.Compact(s.Chunks), func(i int) bool { return i < 0 || i >= u.chunks() })
	return nil
}

// sameReader reports whether two readers are one, as far as they can be compared.
func sameReader(a, b io.Reader) bool {
	return a != nil && b != nil && reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}
