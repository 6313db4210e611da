package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/isojot/isojot/server"
)

// How often progress is shown: on a terminal in one line, elsewhere in lines.
const (
	progressOnTerminal = 200 * time.Millisecond
	progressElsewhere  = 10 * time.Second
)

// progress shows how far an import is.
type progress struct {
	to       io.Writer
	terminal bool
	now      func() time.Time
	began    time.Time
	shown    time.Time
	open     bool // the terminal's line has not ended
}

func newProgress(to io.Writer) *progress {
	p := &progress{to: to, now: time.Now}
	if file, ok := to.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	p.began = p.now()
	p.shown = p.began
	return p
}

// tell shows the progress, if it is time to.
func (p *progress) tell(done server.ImportedUsers) {
	now, period := p.now(), progressElsewhere
	if p.terminal {
		period = progressOnTerminal
	}
	if now.Sub(p.shown) < period {
		return
	}
	p.shown = now
	rows := done.Made + done.There + done.Refused
	text := fmt.Sprintf("%d rows, %d refused, %.0f rows/s", rows, done.Refused, float64(rows)/now.Sub(p.began).Seconds())
	if p.terminal {
		fmt.Fprintf(p.to, "\r\x1b[K%s", text)
		p.open = true
		return
	}
	fmt.Fprintln(p.to, text)
}

// end ends the terminal's line.
func (p *progress) end() {
	if p.open {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.open = false
	}
}
