package tfcli

import (
	"os"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
)

// CleanEnv returns environ without the variables that would let the user's own
// settings leak into a run: those that change what the command line program
// does, and those that hold a gateway's credentials. Update checks are off, and
// the user's CLI configuration is not read. It works inside a checkout of the provider.
func CleanEnv(environ []string) ([]string, error) {
	root, err := provider.Root()
	if err != nil {
		return nil, err
	}
	prefixes, err := provider.Gateways(root)
	if err != nil {
		return nil, err
	}
	for i, name := range prefixes {
		prefixes[i] = name + "_"
	}
	prefixes = append(prefixes, "tf_", "tofu_", "checkpoint_", "payinvoice_sandbox")
	clean := slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		entry = strings.ToLower(entry) // names ignore case on Windows
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(entry, prefix) })
	})
	return append(clean, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull), nil
}
