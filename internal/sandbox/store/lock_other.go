//go:build !(darwin || dragonfly || freebsd || linux || netbsd)

package store

import "os"

// keepsOpen says that a database file is opened for each transaction.
const keepsOpen = false

// lock does nothing: an open file is locked here.
func lock(*os.File, bool) error { return nil }

// unlock does nothing: closing the file releases the lock.
func unlock(*os.File) {}
