// Package examplestest runs every example and every guide's configuration with
// a real Terraform, or OpenTofu, on the sandbox.
package examplestest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// providerVersion is what the provider is installed as: the examples ask for a
// release that there may not be yet.
const providerVersion = "0.1.0"

// cli is the program that all tests run, and the configuration that makes it
// take the provider as built here.
type cli struct {
	program    string
	openTofu   bool
	version    *version.Version
	configFile string
}

// temporary holds what all tests share.
var temporary string

func TestMain(m *testing.M) {
	var err error
	if temporary, err = os.MkdirTemp("", "payinvoice-examples-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(temporary); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// findCLI finds the program and builds the provider, once.
var findCLI = sync.OnceValues(func() (*cli, error) {
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		var err error
		if program, err = exec.LookPath("terraform"); err != nil {
			return nil, errors.New("the examples need Terraform: put it on PATH, or name it in TF_ACC_TERRAFORM_PATH")
		}
	}
	c := &cli{program: program, configFile: filepath.Join(temporary, "cli.tfrc")}
	if err := c.readVersion(); err != nil {
		return nil, fmt.Errorf("%s does not print its version: %w", program, err)
	}
	return c, errors.Join(c.install(), c.link())
})

// pathDir is a folder in which the programs have the names that the pages use.
func pathDir() string { return filepath.Join(temporary, "bin") }

func (c *cli) link() error {
	program, err := filepath.Abs(c.program)
	if err != nil {
		return err
	}
	return errors.Join(
		os.MkdirAll(pathDir(), 0o755),
		os.Symlink(program, filepath.Join(pathDir(), "terraform")),
		os.Symlink(builtProvider(), filepath.Join(pathDir(), filepath.Base(builtProvider()))),
	)
}

func (c *cli) readVersion() error {
	run := func(args ...string) ([]byte, error) {
		cmd := exec.Command(c.program, args...)
		cmd.Dir = temporary
		cmd.Env = cleanEnv()
		return cmd.Output()
	}
	text, err := run("version")
	if err != nil {
		return err
	}
	c.openTofu = strings.HasPrefix(string(text), "OpenTofu")
	answer, err := run("version", "-json")
	if err != nil {
		return err
	}
	var parsed struct {
		Version string `json:"terraform_version"` // OpenTofu says so too
	}
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return err
	}
	c.version, err = version.NewVersion(parsed.Version)
	return err
}

// builtProvider is the provider's program.
func builtProvider() string {
	file := filepath.Join(temporary, "terraform-provider-payinvoice")
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	return file
}

// install builds the provider into a filesystem mirror, where init finds it as
// it would find a release.
func (c *cli) install() error {
	mirror := filepath.Join(temporary, "mirror")
	built := builtProvider()
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version="+providerVersion, "-o", built, ".")
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, host, "payinvoice", "payinvoice", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.Link(built, filepath.Join(dir, "terraform-provider-payinvoice_v"+providerVersion+filepath.Ext(built))); err != nil {
			return err
		}
	}
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	return os.WriteFile(c.configFile, []byte(config), 0o600)
}

// cleanEnv is the environment without the user's settings and credentials.
func cleanEnv() []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !ownSetting(strings.ToUpper(name)) {
			env = append(env, entry)
		}
	}
	return append(env, "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color",
		"PATH="+pathDir()+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func ownSetting(name string) bool {
	for _, prefix := range []string{"TF_", "TOFU_", "CHECKPOINT_", "CRYPTOCLOUD_", "HESABE_", "XPAYS_", "MEUM_", "PAYINVOICE_SANDBOX"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// need skips the test, visibly, where the program lacks what a mark demands.
func need(t *testing.T, m marks) {
	t.Helper()
	if why := m.lacks(mustCLI(t)); why != "" {
		t.Skip(why)
	}
}

func mustCLI(t *testing.T) *cli {
	t.Helper()
	c, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
