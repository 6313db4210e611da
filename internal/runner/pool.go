package runner

import (
	"fmt"
	"os"
	"sync"
)

// userSlots is how many users there are for each function; maxNumber is the
// largest number of a function, so that its users are among those of Linux.
const (
	userSlots = 256
	maxNumber = 1<<22 - 1
)

// pool hands out what no two processes may have at once: the users that they
// run as, since a run must not be able to signal another, and the names of
// their cgroups. The zero pool has all to give.
type pool struct {
	mu    sync.Mutex
	taken map[int]bool
	runs  int64
}

// theProgram is the pool of all processes, whichever server of this program
// starts them: the machine has each user once.
var theProgram pool

// takeUser takes one of userSlots users from first on that no other run has;
// release gives it back.
func (p *pool) takeUser(first int) (uid int, release func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken == nil {
		p.taken = map[int]bool{}
	}
	for uid = first; uid < first+userSlots; uid++ {
		if !p.taken[uid] {
			p.taken[uid] = true
			return uid, func() { p.giveBack(uid) }, nil
		}
	}
	return 0, nil, fmt.Errorf("%w: all %d users of the function run it", ErrBusy, userSlots)
}

func (p *pool) giveBack(uid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.taken, uid)
}

// cgroupName is a name that no other run's cgroup has.
func (p *pool) cgroupName() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs++
	return fmt.Sprintf("isojot-run-%d-%d", os.Getpid(), p.runs)
}
