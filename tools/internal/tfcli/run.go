package tfcli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
)

// Runner runs a program in a folder, apart from the user's own settings.
type Runner struct {
	Program    string
	Dir        string
	ConfigFile string // the CLI configuration; none if empty
}

// Run returns what the program printed. On failure the error holds all of it.
func (r Runner) Run(ctx context.Context, args ...string) ([]byte, error) {
	environ, err := cleanEnv(os.Environ())
	if err != nil {
		return nil, err
	}
	cmd := gocmd.Command(ctx, r.Dir, r.Program, args...)
	cmd.Env = append(cmd.Env, environ...)
	cmd.Env = append(cmd.Env, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+cmp.Or(r.ConfigFile, os.DevNull))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", args[0], err, bytes.TrimSpace(append(out, stderr.Bytes()...)))
	}
	return out, nil
}

// ExitCode returns the code that a failed run ended with, or -1.
func ExitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// Version asks the program at path for its version.
func Version(ctx context.Context, path string) (string, error) {
	// Not in the working folder, whose lock file the program would read.
	out, err := Runner{Program: path, Dir: os.TempDir()}.Run(ctx, "version", "-json")
	var said struct {
		Version string `json:"terraform_version"` // OpenTofu calls it so too
	}
	if err == nil {
		err = json.Unmarshal(out, &said)
	}
	if err == nil && !semver.IsValid("v"+said.Version) {
		err = fmt.Errorf("%q is not a version", said.Version)
	}
	if err != nil {
		return "", fmt.Errorf("%s does not print its version: %w", path, err)
	}
	return said.Version, nil
}

// cleanEnv returns environ without the variables that change what the program
// does, and without those that hold a gateway's credentials.
func cleanEnv(environ []string) ([]string, error) {
	root, err := provider.Root()
	if err != nil {
		return nil, err
	}
	prefixes := []string{"tf_", "tofu_", "checkpoint_", "payinvoice_sandbox"}
	gateways, err := provider.Gateways(root)
	for _, name := range gateways {
		prefixes = append(prefixes, name+"_")
	}
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		entry = strings.ToLower(entry) // names ignore case on Windows
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(entry, prefix) })
	}), err
}
