//go:build !linux

package pgtest

import "syscall"

// asOrdinaryUser leaves the user: elsewhere nobody tests as root.
func asOrdinaryUser() *syscall.SysProcAttr { return nil }

func handOver(...string) error { return nil }
