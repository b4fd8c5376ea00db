package story

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"gopkg.in/yaml.v3"
)

// composeFile has what is used of the Compose specification,
// https://docs.docker.com/reference/compose-file/.
type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
}

type composeService struct {
	Image       string            `yaml:"image"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	Healthcheck struct {
		Test     []string      `yaml:"test"`
		Interval time.Duration `yaml:"interval"`
	} `yaml:"healthcheck"`
	DependsOn map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
}

// TestCompose runs the services of the compose example without containers: the
// same commands in the same environment, at ports and in a folder of this machine.
func TestCompose(t *testing.T) {
	browser := startBrowser(t)
	program, terraform := installed(t, filepath.Join(t.TempDir(), "terraform"), "1.5")
	compose := readCompose(t)
	sandboxPort, shopPort := freePort(t), freePort(t)
	here := strings.NewReplacer("=/data", "="+t.TempDir(), "4480", sandboxPort, "3000", shopPort,
		"http://sandbox:", "http://127.0.0.1:", "http://shop:", "http://127.0.0.1:")

	sandbox := compose.Services["sandbox"]
	command := []string{"sandbox"}
	for _, arg := range sandbox.Command {
		command = append(command, here.Replace(arg))
	}
	url := serve(t, exec.Command(program, command...))
	if want := "http://localhost:" + sandboxPort; url != want && url != "http://127.0.0.1:"+sandboxPort {
		t.Errorf("the sandbox listens on %s, not %s", url, want)
	}
	if entry := sandbox.Healthcheck.Test; !slices.Equal(entry[:3], []string{"CMD", "/terraform-provider-payinvoice", "sandbox"}) {
		t.Errorf("the sandbox's health is checked with %q", entry)
	}
	healthcheck := append(slices.Clone(sandbox.Healthcheck.Test[2:]), "--url", url)
	if output, err := exec.Command(program, healthcheck...).CombinedOutput(); err != nil {
		t.Errorf("the sandbox's health check: %v: %s", err, output)
	}
	startShop(t, compose.Services["shop"], here)

	write(t, filepath.Join(terraform.Dir, "main.tf"), here.Replace(example(t, "compose/main.tf")))
	w := &world{t: t, terraform: terraform}
	w.run("init", "-input=false")
	w.run("apply", "-auto-approve")
	checkout := strings.TrimSpace(w.run("output", "-raw", "checkout_url"))
	shop := "http://localhost:" + shopPort
	w.eventually("the shop serves", func() bool { return get(shop+"/") != "" })
	if said := get(shop + "/orders/order-1001"); said != "not paid\n" {
		t.Errorf("before the payment, the shop says %q", said)
	}
	expectForgeryRefused(t, shop)

	do(browser, chromedp.Navigate(checkout))
	do(browser, chromedp.Click(`[data-testid="pay"]`))
	do(browser, chromedp.Click(`[data-testid="return"]`))
	if thanks := do(browser, chromedp.Text("body")); strings.TrimSpace(thanks) != "Thank you for your order." {
		t.Errorf("the payment page leads to %q", thanks)
	}
	w.eventually("the shop marks the order paid", func() bool { return get(shop+"/orders/order-1001") == "paid\n" })
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(example(t, "compose/compose.yaml")))
	decoder.KnownFields(true)
	var compose composeFile
	if err := decoder.Decode(&compose); err != nil {
		t.Fatal(err)
	}
	for name, service := range compose.Services {
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if file, isFile := strings.CutPrefix(source, "./"); isFile {
				example(t, "compose/"+file)
			} else if _, declared := compose.Volumes[source]; !declared {
				t.Errorf("%s: there is no volume %s", name, source)
			}
		}
		for other := range service.DependsOn {
			if _, known := compose.Services[other]; !known {
				t.Errorf("%s depends on %s, which does not exist", name, other)
			}
		}
	}
	return compose
}

// startShop runs the shop's command on the file that is mounted for it.
func startShop(t *testing.T, shop composeService, here *strings.Replacer) {
	t.Helper()
	if _, err := exec.LookPath(shop.Command[0]); err != nil {
		t.Skipf("the example's shop needs %s", shop.Command[0])
	}
	args := slices.Clone(shop.Command[1:])
	for i, arg := range args {
		for _, volume := range shop.Volumes {
			if parts := strings.Split(volume, ":"); parts[1] == arg {
				args[i] = filepath.Join(root(t), "examples", "compose", parts[0])
			}
		}
	}
	cmd := exec.Command(shop.Command[0], args...)
	for name, value := range shop.Environment {
		cmd.Env = append(cmd.Env, name+"="+here.Replace(value))
	}
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
}

// expectForgeryRefused sends a webhook that Meum has not signed.
func expectForgeryRefused(t *testing.T, shop string) {
	t.Helper()
	response, err := http.Post(shop+"/webhooks/meum", "application/json", strings.NewReader(`{"data":{"invoice_id":"inv_1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the shop answers a forged webhook with %s", response.Status)
	}
}

// get is the text of a page, or empty if there is none.
func get(url string) string {
	response, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return ""
	}
	return string(body)
}
