package supervise

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// argv0 is the name under which a program is its own supervisor.
const argv0 = "isojot-function-supervisor"

// The supervisor's files beyond standard error; the function's own follow.
const (
	controlFD = 3
	reportFD  = 4
	firstFD   = 5
)

// What the server tells the supervisor, a byte each. That the server's end of
// the pipe closes means kill too.
const (
	commandTerminate = 'T'
	commandKill      = 'K'
)

// maxSpec bounds a Spec on its way: an environment is at most some 2 MiB.
const maxSpec = 8 << 20

func init() {
	if len(os.Args) != 1 || os.Args[0] != argv0 {
		return
	}
	// init runs on the main thread, which lives as long as the process: the
	// function's parent-death signal is bound to the thread that starts it.
	if err := supervisorMain(); err != nil {
		fmt.Fprintln(os.Stderr, "isojot: supervisor:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func supervisorMain() error {
	control := os.NewFile(controlFD, "control")
	spec, err := readSpec(control)
	if err != nil {
		return err
	}
	if err := keepFiles(); err != nil {
		return err
	}
	report := supervise(spec, control)
	return json.NewEncoder(os.NewFile(reportFD, "report")).Encode(report)
}

// keepFiles keeps all files but the standard streams from the function: its own
// are passed on by number, and the server may have been started with some that
// nobody marked.
func keepFiles() error {
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, entry := range fds {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			return err
		}
		if fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}

func writeSpec(w io.Writer, spec *Spec) error {
	data, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...))
	return err
}

func readSpec(r io.Reader) (*Spec, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxSpec {
		return nil, fmt.Errorf("a specification of %d bytes, above %d", size, maxSpec)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	spec := new(Spec)
	return spec, json.Unmarshal(data, spec)
}
