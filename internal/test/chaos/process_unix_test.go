//go:build unix

package chaos

import (
	"os/exec"
	"syscall"
)

// setProcessGroup gives a command a process group of its own, in which the providers that
// Terraform starts are as well.
func setProcessGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// The signals that are sent to a whole process group: that of Ctrl-C, and the
// one that nobody can handle.
const (
	interrupt = syscall.SIGINT
	kill      = syscall.SIGKILL
	dump      = syscall.SIGQUIT
)

// signalGroup sends a signal to a command and to all that it has started.
func signalGroup(cmd *exec.Cmd, s syscall.Signal) error { return syscall.Kill(-cmd.Process.Pid, s) }

const hasProcessGroups = true

// signalProcess sends a signal to one process.
func signalProcess(pid int, s syscall.Signal) error { return syscall.Kill(pid, s) }
