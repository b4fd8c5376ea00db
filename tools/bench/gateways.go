package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// simulation is the process of the simulated gateways.
type simulation struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	// environment leads a provider to the gateways.
	environment []string
}

// asked is what the gateways were asked.
type asked struct {
	Operations  map[string]int `json:"operations"`
	Connections int            `json:"connections"`
}

func (a asked) requests() int {
	sum := 0
	for _, n := range a.Operations {
		sum += n
	}
	return sum
}

// simulate starts the gateways with nothing in them. With each invoice that is
// made they make some of others.
func simulate(ctx context.Context, program, dir string, latency time.Duration, others int, log io.Writer) (*simulation, error) {
	cmd := gocmd.Command(ctx, "", program, "-dir", dir, "-latency", latency.String(), "-others", strconv.Itoa(others))
	cmd.Stderr = log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &simulation{cmd: cmd, stdin: stdin, stdout: bufio.NewReader(stdout)}
	if err := s.read(&s.environment); err != nil {
		_ = s.stop()
		return nil, err
	}
	return s, nil
}

// asked answers what was asked since the last time.
func (s *simulation) asked() (asked, error) {
	var a asked
	if _, err := io.WriteString(s.stdin, "\n"); err != nil {
		return a, fmt.Errorf("the simulated gateways have ended: %w", err)
	}
	err := s.read(&a)
	return a, err
}

func (s *simulation) read(into any) error {
	line, err := s.stdout.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the simulated gateways have ended: %w", err)
	}
	return json.Unmarshal(line, into)
}

func (s *simulation) stop() error {
	_ = s.stdin.Close()
	return s.cmd.Wait()
}
