package main

import (
	"os"
	"syscall"
)

// peakMemory is the most resident memory that a process had, in bytes. A process
// inherits the peak of its parent, which is far smaller here.
func peakMemory(state *os.ProcessState) int64 {
	used, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return used.Maxrss << 10
}
