package story

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/story/shop"
)

// secrets are those of the webhooks, by gateway.
var secrets = map[string]string{
	"cryptocloud": "story-postback-secret-0123456789",
	"meum":        "whsec_story",
	"xpays":       "story-webhook-secret",
}

// serveForShop starts a sandbox that sends its webhooks to a shop.
func serveForShop(t *testing.T, program, dir, shopURL string) string {
	t.Helper()
	args := []string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dir}
	for _, gateway := range []string{"cryptocloud", "hesabe", "meum", "xpays"} {
		args = append(args, "--webhook", gateway+"="+shopURL+"/webhooks/"+gateway)
		if secret := secrets[gateway]; secret != "" {
			args = append(args, "--webhook-secret", gateway+"="+secret)
		}
	}
	return serve(t, exec.Command(program, append([]string{"sandbox"}, args...)...))
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

// settings are what "sandbox env" prints for an application.
func settings(t *testing.T, program, server, shopURL string) shop.Settings {
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
	s := shop.Settings{
		URL: shopURL, Secrets: secrets, Endpoints: map[string]string{},
		CryptoCloudKey: env["CRYPTOCLOUD_API_KEY"],
		HesabeUsername: env["HESABE_USERNAME"], HesabePass: env["HESABE_PASSWORD"],
		HesabeMerchant: env["HESABE_MERCHANT_CODE"], HesabeAccess: env["HESABE_ACCESS_CODE"],
		HesabeKey: env["HESABE_SECRET_KEY"], HesabeIV: env["HESABE_IV_KEY"],
		XPaysKey: env["XPAYS_API_KEY"], XPaysSecret: env["XPAYS_SECRET_KEY"],
		MeumKey: env["MEUM_API_KEY"],
	}
	for _, gateway := range []string{"cryptocloud", "hesabe", "meum", "xpays"} {
		s.Endpoints[gateway] = env[strings.ToUpper(gateway)+"_ENDPOINT"]
	}
	return s
}
