package command_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

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
	invoice := sandboxtest.Merchant(t, s.url).Create("hesabe", "order-1", nil)
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
	invoice := sandboxtest.Merchant(t, s.url).Create("meum", "order-1", nil)
	website := merchant.NewReceiver(t)
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
		{"serve --listen 127.0.0.1:0 --data-dir " + dir + " --webhook paypal=http://127.0.0.1:1/", []string{"--webhook", "paypal", strings.Join(sandbox.Gateways(), ", ")}},
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
		{"trigger paypal 1 pay --url " + s.url, []string{"paypal", strings.Join(sandbox.Gateways(), ", ")}},
		{"trigger meum " + invoice.ID + " underpay --amount much --url " + s.url, []string{"much"}},
		{"trigger meum " + invoice.ID + " underpay --amount 100 --url " + s.url, []string{"100"}},
		{"trigger meum " + invoice.ID + " refund --data-dir " + dir, []string{invoice.ID, "refund", "pay, underpay"}},
		{"trigger paypal 1 pay --data-dir " + dir, []string{"paypal", strings.Join(sandbox.Gateways(), ", ")}},
		{"list --gateway paypal --url " + s.url, []string{"paypal"}},
		{"list --gateway paypal --data-dir " + dir, []string{"paypal"}},
		{"list --url " + s.url + " --data-dir " + dir, []string{"url", "data-dir"}},
		{"list --url " + nobody, []string{"no sandbox is running at " + nobody, "sandbox serve"}},
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
		help := must(t, word, "--help")
		if !strings.Contains(help, "\n  terraform-provider-payinvoice sandbox "+word) || strings.Contains(help, "(default [])") {
			t.Errorf("the help of %s is\n%s", word, help)
		}
	}
	if bare := must(t); bare != got {
		t.Errorf("without a command it prints\n%s", bare)
	}
}
