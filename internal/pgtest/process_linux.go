package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// asOrdinaryUser is how a program of PostgreSQL is run, which refuses to be
// root. It is told to end should these tests be killed.
func asOrdinaryUser() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if uid, gid, ok := ordinaryUser(); ok {
		attr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return attr
}

// handOver gives files to the user who runs PostgreSQL.
func handOver(names ...string) error {
	uid, gid, ok := ordinaryUser()
	if !ok {
		return nil
	}
	for _, name := range names {
		if err := os.Chown(name, int(uid), int(gid)); err != nil {
			return err
		}
	}
	return nil
}

// ordinaryUser is whom root runs PostgreSQL as.
func ordinaryUser() (uid, gid uint32, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id, idErr := strconv.ParseUint(u.Uid, 10, 32)
		group, groupErr := strconv.ParseUint(u.Gid, 10, 32)
		if idErr == nil && groupErr == nil {
			return uint32(id), uint32(group), true
		}
	}
	return 0, 0, false
}
