package tfcli

import (
	"os"
	"strings"
)

// CleanEnv returns environ without the variables that would let the user's own
// settings leak into a run: those that change what the command line program
// does, and those that hold a gateway's credentials. Update checks are off, and
// the user's CLI configuration is not read.
func CleanEnv(environ []string) []string {
	clean := make([]string, 0, len(environ)+2)
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !leaks(name) {
			clean = append(clean, entry)
		}
	}
	return append(clean, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
}

func leaks(name string) bool {
	name = strings.ToUpper(name) // names ignore case on Windows
	for _, prefix := range []string{
		"TF_", "TOFU_", "CHECKPOINT_",
		"CRYPTOCLOUD_", "HESABE_", "XPAYS_", "MEUM_", "PAYINVOICE_SANDBOX",
	} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
