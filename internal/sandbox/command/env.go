package command

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
)

// environment is the environment of an application and a provider that use a sandbox.
type environment struct {
	sandbox   string            // the value of PAYINVOICE_SANDBOX
	endpoints string            // the base of the gateways' endpoints; "" if no server runs
	secrets   map[string]string // webhook secrets by gateway; "" if webhooks are not signed
	hidden    []string          // gateways whose secret is not disclosed
}

func newEnv() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Print shell lines that point an application and the provider at the sandbox",
		Long: "Prints shell lines that point an application and the provider at the sandbox: the gateways' endpoints, " +
			"the made-up credentials that the sandbox knows, and the secrets of webhooks.",
		Example: `  eval "$(terraform-provider-payinvoice sandbox env)"`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.with(cmd, func(t target) error {
				env, err := t.Environment(cmd.Context())
				if err != nil {
					return err
				}
				slices.Sort(env.hidden)
				for _, gateway := range env.hidden {
					fmt.Fprintf(cmd.ErrOrStderr(), "%s_WEBHOOK_SECRET is not printed: it was set by the operator, and a server does not disclose it.\n", strings.ToUpper(gateway))
				}
				return env.print(cmd.OutOrStdout())
			})
		},
	}
	flags.add(cmd)
	return cmd
}

func (e environment) print(w io.Writer) error {
	lines := []string{export("PAYINVOICE_SANDBOX", e.sandbox)}
	accounts := sandbox.Accounts()
	for _, gateway := range sandbox.Gateways() {
		name := strings.ToUpper(gateway)
		if e.endpoints != "" {
			lines = append(lines, export(name+"_ENDPOINT", e.endpoints+"/"+gateway))
		}
		settings := accounts[gateway].Settings
		for _, setting := range slices.Sorted(maps.Keys(settings)) {
			lines = append(lines, export(name+"_"+strings.ToUpper(setting), settings[setting]))
		}
		if secret := e.secrets[gateway]; secret != "" {
			lines = append(lines, export(name+"_WEBHOOK_SECRET", secret))
		}
	}
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

// export formats a line for a POSIX shell.
func export(name, value string) string {
	return "export " + name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'\n"
}
