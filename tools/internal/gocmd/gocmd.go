// Package gocmd runs other programs so that an interrupt ends them in order.
package gocmd

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Go returns the go command, set to build static programs for this machine
// whatever the caller's own builds are for.
func Go(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := Command(ctx, dir, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	return cmd
}

// Command returns a command that is interrupted when the context ends, and
// killed only if it does not stop by itself, as on Windows, which has no interrupt.
func Command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.WaitDelay = 10 * time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd
}

// Exe returns the file name of a program on this machine.
func Exe(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
