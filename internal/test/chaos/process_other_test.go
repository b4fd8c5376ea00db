//go:build !unix

package chaos

import (
	"errors"
	"os/exec"
	"syscall"
)

const (
	interrupt = syscall.SIGINT
	kill      = syscall.SIGKILL
	dump      = syscall.SIGQUIT
)

func setProcessGroup(*exec.Cmd) {}

func signalGroup(*exec.Cmd, syscall.Signal) error { return errors.ErrUnsupported }

const hasProcessGroups = false

func signalProcess(int, syscall.Signal) error { return errors.ErrUnsupported }
