//go:build darwin || dragonfly || freebsd || linux || netbsd

package store

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// keepsOpen says that a database file stays open between transactions: here a mapped
// file shows what another process writes, and its lock can be released and taken again.
const keepsOpen = true

// lock takes the lock that bbolt takes when it opens a file, and waits for a foreign
// program that has it.
func lock(file *os.File, exclusive bool) error {
	how := syscall.LOCK_SH | syscall.LOCK_NB
	if exclusive {
		how = syscall.LOCK_EX | syscall.LOCK_NB
	}
	end := time.Now().Add(foreignTimeout)
	for {
		err := syscall.Flock(int(file.Fd()), how)
		waits := errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		if !waits {
			return err
		}
		if time.Now().After(end) {
			return errForeign
		}
		time.Sleep(foreignPause)
	}
}

// unlock releases the lock on the file.
func unlock(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
}
