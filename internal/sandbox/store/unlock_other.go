//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import "os"

// unlock does nothing: these systems release the lock when the file is closed.
func unlock(*os.File) {}
