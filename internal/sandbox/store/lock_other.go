//go:build !(darwin || dragonfly || freebsd || linux || netbsd)

package store

import "os"

// keepsOpen says that a database file is opened for each transaction.
const keepsOpen = false

// lock does nothing: a file that is open here is locked.
func lock(*os.File, bool) error { return nil }

// unlock does nothing: the lock is released when the file is closed.
func unlock(*os.File) {}
