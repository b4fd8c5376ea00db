package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// startUpRuns is how often each program is started; the medians count.
const startUpRuns = 21

// startUp is how long a provider takes until it can be used, and its size.
type startUp struct {
	Program string `json:"program"`
	// Size is that of the release build, in bytes.
	Size int64 `json:"size"`
	// Handshake is the time until the provider says where it can be reached,
	// Schema until it has answered with its schema.
	Handshake time.Duration `json:"handshake"`
	Schema    time.Duration `json:"schema"`
	usage
}

// startUps measures the provider, and beside it the one that does nothing.
func (b *bench) startUps(ctx context.Context) error {
	for _, name := range []string{providerProgram, idleProgram} {
		s, err := b.startUp(ctx, name)
		if err != nil {
			return fmt.Errorf("starting %s: %w", name, err)
		}
		b.report.StartUps = append(b.report.StartUps, s)
	}
	return nil
}

func (b *bench) startUp(ctx context.Context, name string) (startUp, error) {
	info, err := os.Stat(b.program(name))
	if err != nil {
		return startUp{}, err
	}
	runs := make([]startUp, startUpRuns)
	for i := range runs {
		if runs[i], err = start(ctx, b.program(name), b.dir); err != nil {
			return startUp{}, err
		}
	}
	return startUp{
		Program: name, Size: info.Size(),
		Handshake: median(runs, func(s startUp) time.Duration { return s.Handshake }),
		Schema:    median(runs, func(s startUp) time.Duration { return s.Schema }),
		usage: usage{
			CPU:  median(runs, func(s startUp) time.Duration { return s.CPU }),
			Peak: median(runs, func(s startUp) int64 { return s.Peak }),
		},
	}, nil
}

func median[T any, N ~int64](values []T, of func(T) N) N {
	var numbers []N
	for _, v := range values {
		numbers = append(numbers, of(v))
	}
	slices.Sort(numbers)
	return numbers[len(numbers)/2]
}

// start starts a provider as Terraform does, asks for its schema, and ends it.
// https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md
func start(ctx context.Context, program, dir string) (s startUp, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_UNIX_SOCKET_DIR="+dir)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return s, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return s, err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		s.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		s.Peak = peakMemory(cmd.ProcessState)
	}()
	network, address, err := readHandshake(bufio.NewReader(stdout))
	if err != nil {
		return s, err
	}
	s.Handshake = time.Since(began)
	if err := call(ctx, network, address, "/tfplugin6.Provider/GetProviderSchema"); err != nil {
		return s, err
	}
	s.Schema = time.Since(began)
	return s, os.RemoveAll(filepath.Clean(address))
}

// readHandshake reads a plugin's first line: 1|6|unix|/tmp/plugin123|grpc|
func readHandshake(stdout *bufio.Reader) (network, address string, err error) {
	line, err := stdout.ReadString('\n')
	if err != nil {
		return "", "", fmt.Errorf("no handshake: %w", err)
	}
	parts := strings.Split(strings.TrimSpace(line), "|")
	if len(parts) < 5 || parts[2] != "unix" || parts[4] != "grpc" {
		return "", "", fmt.Errorf("%q is no handshake of a plugin on a Unix socket", line)
	}
	return parts[2], parts[3], nil
}

// call calls a gRPC method with an empty message, and reads its answer.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
func call(ctx context.Context, network, address, method string) error {
	transport := &http.Transport{
		Protocols: &http.Protocols{},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	const emptyMessage = "\x00\x00\x00\x00\x00"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://plugin"+method, strings.NewReader(emptyMessage))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("TE", "trailers")
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	size, err := io.Copy(io.Discard, resp.Body)
	if err != nil {
		return err
	}
	if status := resp.Trailer.Get("Grpc-Status"); status != "0" || size <= int64(len(emptyMessage)) {
		return errors.New("the plugin has no schema: " + status + " " + resp.Trailer.Get("Grpc-Message"))
	}
	return nil
}
