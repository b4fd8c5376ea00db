package story

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// secret signs all webhooks.
const secret = "story-webhook-secret-0123456789"

// serveForShop starts a sandbox that sends its webhooks to a shop.
func serveForShop(t *testing.T, program, dir, shopURL string) string {
	t.Helper()
	args := []string{"sandbox", "serve", "--listen", "127.0.0.1:0", "--data-dir", dir}
	for _, gateway := range gateways {
		args = append(args, "--webhook", gateway+"="+shopURL+"/webhooks/"+gateway, "--webhook-secret", gateway+"="+secret)
	}
	return serve(t, exec.Command(program, args...))
}

// serve starts a sandbox server and returns its address.
func serve(t *testing.T, server *exec.Cmd) string {
	t.Helper()
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the server printed %q: %v", line, err)
	}
	return url
}

// stop ends the server as an operator does.
func stop(t *testing.T, server *exec.Cmd) {
	t.Helper()
	began := time.Now()
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the server took %s to end", took)
	}
}

// settings are what "sandbox env" prints for an application, and the secret, which a
// server does not disclose.
func settings(t *testing.T, program, server string) map[string]string {
	t.Helper()
	output, err := exec.Command(program, "sandbox", "env", "--url", server).Output()
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(output)) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		env[name] = strings.Trim(value, "'")
	}
	for _, gateway := range gateways {
		env[strings.ToUpper(gateway)+"_WEBHOOK_SECRET"] = secret
	}
	return env
}
