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

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/servertest"
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
	receiver := servertest.NewReceiver(t)
	dir := t.TempDir()
	s := serve(t, dir, "--webhook", "meum="+receiver.URL+"/meum?a=1,b=2", "--webhook-secret", "meum=it's mine, a=b")
	invoice := servertest.Merchant{T: t, Base: s.url}.Create("meum", "order-1", nil)

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
		id, event, err := servertest.Verify("meum", "it's mine, a=b", w)
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
	servertest.Merchant{T: t, Base: s.url}.Create("meum", "order-1", nil)
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

	receiver := servertest.NewReceiver(t)
	serve(t, dir, "--webhook", "meum="+receiver.URL)
	receiver.Wait(t, 1)
}

// environment runs env and lets a shell read what it prints.
func environment(t *testing.T, args ...string) map[string]string {
	t.Helper()
	built, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	script := `eval "$("$@")" && env -0`
	cmd := exec.Command("sh", append([]string{"-euc", script, "sh", built, "sandbox", "env"}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	for line := range strings.SplitSeq(string(output), "\x00") {
		if name, value, ok := strings.Cut(line, "="); ok {
			variables[name] = value
		}
	}
	return variables
}

func TestEnv(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "it's a folder")
	s := serve(t, dir, "--webhook", "meum=http://127.0.0.1:9/", "--webhook-secret", "meum=it's $mine")
	want := map[string]string{
		"PAYINVOICE_SANDBOX":   s.url,
		"CRYPTOCLOUD_ENDPOINT": s.url + "/cryptocloud", "CRYPTOCLOUD_API_KEY": "sandbox.demo.key", "CRYPTOCLOUD_SHOP_ID": "SandboxDemoShop1",
		"CRYPTOCLOUD_WEBHOOK_SECRET": "sandbox-demo-postback-secret-0001",
		"HESABE_ENDPOINT":            s.url + "/hesabe", "HESABE_USERNAME": "test", "HESABE_PASSWORD": "Test@1234", "HESABE_MERCHANT_CODE": "842217",
		"HESABE_ACCESS_CODE": "c333729b-d060-4b74-a49d-7686a8353481",
		"HESABE_SECRET_KEY":  "PkW64zMe5NVdrlPVNnjo2Jy9nOb7v1Xg", "HESABE_IV_KEY": "5NVdrlPVNnjo2Jy9",
		"XPAYS_ENDPOINT": s.url + "/xpays", "XPAYS_API_KEY": "key_sandboxdemo000000000", "XPAYS_SECRET_KEY": "sandbox-demo-secret",
		"XPAYS_WEBHOOK_SECRET": "sandbox-demo-secret",
		"MEUM_ENDPOINT":        s.url + "/meum", "MEUM_API_KEY": "sk_live_sandbox_demo_key",
	}
	compare := func(t *testing.T, got map[string]string) {
		t.Helper()
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s is %q, not %q", name, got[name], value)
			}
		}
	}
	t.Run("of a server", func(t *testing.T) {
		got := environment(t, "--url", s.url)
		compare(t, got)
		if secret, printed := got["MEUM_WEBHOOK_SECRET"]; printed {
			t.Errorf("the operator's secret is %q", secret)
		}
		if _, stderr, _ := run(t, "env", "--url", s.url); !strings.Contains(stderr, "MEUM_WEBHOOK_SECRET") {
			t.Errorf("standard error is %q", stderr)
		}
	})
	t.Run("of a folder", func(t *testing.T) {
		want["PAYINVOICE_SANDBOX"], want["MEUM_WEBHOOK_SECRET"] = dir, "it's $mine"
		compare(t, environment(t, "--data-dir", dir))
	})
	t.Run("of a folder without a server", func(t *testing.T) {
		s.end(t, syscall.SIGTERM)
		got := environment(t, "--data-dir", dir)
		if endpoint, printed := got["MEUM_ENDPOINT"]; printed || got["PAYINVOICE_SANDBOX"] != dir {
			t.Errorf("%q, %q", endpoint, got["PAYINVOICE_SANDBOX"])
		}
	})
}

func TestFolderWithoutServer(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	invoice := servertest.Merchant{T: t, Base: s.url}.Create("hesabe", "order-1", nil)
	s.end(t, syscall.SIGTERM)
	if got := must(t, "trigger", "hesabe", invoice.ID, "pay", "--data-dir", dir); !strings.Contains(got, "paid") {
		t.Errorf("%s", got)
	}
}

func TestErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := serve(t, dir)
	invoice := servertest.Merchant{T: t, Base: s.url}.Create("meum", "order-1", nil)
	website := servertest.NewReceiver(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	nobody := "http://" + listener.Addr().String()

	for _, c := range []struct {
		args string
		says []string
	}{
		{"serve --data-dir " + t.TempDir() + " --listen " + strings.TrimPrefix(s.url, "http://"), []string{"cannot listen on 127.0.0.1:", "address already in use"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + file, []string{file, "is, or lies below, a file"}},
		{"serve --listen 127.0.0.1:0 --data-dir /proc/sandbox", []string{"/proc/sandbox"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook paypal=http://127.0.0.1:1/", []string{"--webhook", "paypal", "cryptocloud, hesabe, meum, xpays"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook meum=ftp://x/", []string{"--webhook", "ftp://x/"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook meum", []string{"--webhook", "meum"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook-secret x", []string{"--webhook-secret", "x"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook-format meum=xml", []string{"xml", "stablecoin, meum"}},
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --public-url sandbox", []string{"sandbox"}},
		{"serve now", []string{"now"}},
		{"trigger meum " + invoice.ID, []string{"3 arg"}},
		{"trigger meum " + invoice.ID + " refund --url " + s.url, []string{invoice.ID, "refund", "pay, underpay"}},
		{"trigger meum " + invoice.ID + " explode --url " + s.url, []string{"explode", "pay, underpay"}},
		{"trigger meum inv_unknown pay --url " + s.url, []string{"no such invoice"}},
		{"trigger paypal 1 pay --url " + s.url, []string{"paypal", "cryptocloud, hesabe, meum, xpays"}},
		{"trigger meum " + invoice.ID + " underpay --amount much --url " + s.url, []string{"much"}},
		{"trigger meum " + invoice.ID + " underpay --amount 100 --url " + s.url, []string{"100"}},
		{"trigger meum " + invoice.ID + " refund --data-dir " + dir, []string{invoice.ID, "refund", "pay, underpay"}},
		{"trigger paypal 1 pay --data-dir " + dir, []string{"paypal", "cryptocloud, hesabe, meum, xpays"}},
		{"list --gateway paypal --url " + s.url, []string{"paypal"}},
		{"list --gateway paypal --data-dir " + dir, []string{"paypal"}},
		{"list --url " + s.url + " --data-dir " + dir, []string{"url", "data-dir"}},
		{"list --url " + nobody, []string{"no sandbox answers at " + nobody, "sandbox serve"}},
		{"list --url " + website.URL, []string{"not a payinvoice sandbox"}},
		{"list --url 127.0.0.1:4480", []string{"--url"}},
		{"env --url " + nobody, []string{nobody}},
		{"reset --url " + nobody, []string{nobody}},
		{"clock --advance soon --url " + s.url, []string{"--advance", "soon"}},
		{"clock --advance -1h --url " + s.url, []string{"--advance", "-1h"}},
		{"pay", []string{"pay"}},
		{"list --colour", []string{"colour"}},
	} {
		stdout, stderr, status := run(t, strings.Fields(c.args)...)
		if status == 0 || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("sandbox %s: status %d\n%s%s", c.args, status, stdout, stderr)
		}
		for _, part := range c.says {
			if !strings.Contains(stderr, part) {
				t.Errorf("sandbox %s: %q is missing from %s", c.args, part, stderr)
			}
		}
	}
	if got := must(t, "list", "--url", s.url); !strings.Contains(got, "awaiting_payment") {
		t.Errorf("something has happened:\n%s", got)
	}
}

func TestHelp(t *testing.T) {
	got := must(t, "--help")
	for _, word := range []string{"serve", "trigger", "list", "env", "clock", "reset"} {
		if !strings.Contains(got, word) {
			t.Errorf("%s is missing from\n%s", word, got)
		}
	}
	if bare := must(t); bare != got {
		t.Errorf("without a command it prints\n%s", bare)
	}
}
