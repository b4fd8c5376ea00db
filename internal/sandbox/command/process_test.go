package command_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

// binary builds the provider once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "payinvoice-binary")
	if err != nil {
		return "", err
	}
	built := filepath.Join(dir, "terraform-provider-payinvoice")
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version=9.8.7", "-o", built,
		"github.com/payinvoice/terraform-provider-payinvoice")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return built, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

func newCommand(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	built, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(built, append([]string{"sandbox"}, args...)...)
}

// run runs a command to its end.
func run(t testing.TB, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := newCommand(t, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that succeeds.
func must(t testing.TB, args ...string) string {
	t.Helper()
	stdout, stderr, status := run(t, args...)
	if status != 0 {
		t.Fatalf("sandbox %s: status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}

// served is a running "sandbox serve".
type served struct {
	*exec.Cmd
	url string
}

// serve starts a server on a free port and waits until it serves.
func serve(t testing.TB, dir string, args ...string) *served {
	t.Helper()
	cmd := newCommand(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dir}, args...)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("it printed %q, %v, %s", line, err, errs.String())
	}
	return &served{cmd, url}
}

// end ends the server by a signal, and checks that it does so in time.
func (s *served) end(t testing.TB, signal os.Signal) {
	t.Helper()
	begin := time.Now()
	if err := s.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("after %s: %v", signal, err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("after %s it took %s", signal, took)
	}
}

func TestServe(t *testing.T) {
	receiver := merchant.NewReceiver(t)
	dir := t.TempDir()
	s := serve(t, dir, "--webhook", "meum="+receiver.URL+"/meum?a=1,b=2", "--webhook-secret", "meum=it's mine, a=b")
	shop := sandboxtest.Merchant(t, s.url)
	shop.Settings["MEUM_WEBHOOK_SECRET"] = "it's mine, a=b"
	invoice := shop.Create("meum", "order-1", nil)

	response, err := http.Get(s.url + "/_sandbox/health")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var health map[string]string
	if err := json.NewDecoder(response.Body).Decode(&health); err != nil || health["version"] != "9.8.7" {
		t.Errorf("%v, %v", health, err)
	}

	if got := must(t, "trigger", "meum", invoice.ID, "underpay", "--amount", "40", "--url", s.url); !strings.Contains(got, "underpaid") {
		t.Errorf("trigger: %s", got)
	}
	events := []string{}
	for _, w := range receiver.Wait(t, 2) {
		id, event, err := shop.Verify("meum", w)
		if err != nil || id != invoice.ID {
			t.Errorf("%s: %v", w.Body, err)
		}
		events = append(events, event)
		if event == "invoice.underpaid" && !strings.Contains(string(w.Body), `"received_amount":"40.00"`) {
			t.Errorf("%s", w.Body)
		}
	}
	if joined := strings.Join(events, " "); !strings.Contains(joined, "invoice.created") || !strings.Contains(joined, "invoice.underpaid") {
		t.Errorf("the webhooks are %s", joined)
	}

	table := must(t, "list", "--url", s.url)
	for _, part := range []string{"GATEWAY", "meum", invoice.ID, "order-1", "100.00 USD", "underpaid"} {
		if !strings.Contains(table, part) {
			t.Errorf("%q is missing from\n%s", part, table)
		}
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(must(t, "list", "--json", "--gateway", "meum", "--url", s.url)), &list); err != nil || len(list) != 1 ||
		list[0]["id"] != invoice.ID || list[0]["checkout_url"] != s.url+"/meum/pay/"+invoice.ID {
		t.Errorf("%v, %v", list, err)
	}
	if got := must(t, "list", "--json", "--gateway", "hesabe", "--url", s.url); strings.TrimSpace(got) != "[]" {
		t.Errorf("of another gateway: %s", got)
	}

	if got := must(t, "clock", "--advance", "48h", "--url", s.url); !strings.Contains(got, "48h0m0s ahead") {
		t.Errorf("clock: %s", got)
	}
	if got := must(t, "clock", "--data-dir", dir); !strings.Contains(got, "48h0m0s ahead") {
		t.Errorf("the folder's clock: %s", got)
	}
	must(t, "reset", "--url", s.url)
	if got := must(t, "list", "--json", "--data-dir", dir); strings.TrimSpace(got) != "[]" {
		t.Errorf("after the reset: %s", got)
	}
	s.end(t, syscall.SIGTERM)
}

func TestServeEndsBySIGINT(t *testing.T) {
	serve(t, t.TempDir()).end(t, syscall.SIGINT)
}

// TestServeEndsWithWorkInHand: neither a request nor a webhook that hangs holds
// the end up, and the webhook is sent by the next server.
func TestServeEndsWithWorkInHand(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dir := t.TempDir()
	s := serve(t, dir, "--webhook", "meum=http://"+listener.Addr().String()+"/")
	sandboxtest.Merchant(t, s.url).Create("meum", "order-1", nil)
	connection, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	hanging, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer hanging.Close()
	fmt.Fprint(hanging, "POST /meum/v1/invoices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n")
	time.Sleep(100 * time.Millisecond) // it waits for the body now
	s.end(t, syscall.SIGTERM)

	receiver := merchant.NewReceiver(t)
	serve(t, dir, "--webhook", "meum="+receiver.URL)
	receiver.Wait(t, 1)
}
