// Package command is the sandbox's command line: a server, and commands that control a
// server, or a folder without one.
package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
)

// Name is the argument that selects the sandbox.
const Name = "sandbox"

// Run runs the command in args, which do not include Name, and returns the exit status.
func Run(ctx context.Context, version string, args []string, stdout, stderr io.Writer) int {
	var titles []string
	for _, name := range sandbox.Gateways() {
		titles = append(titles, sandbox.Title(name))
	}
	root := &cobra.Command{
		Use:         Name,
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: "terraform-provider-payinvoice " + Name},
		Short:       "A test environment with simulated payment gateways",
		Long: "The sandbox simulates gateways (" + strings.Join(titles, ", ") + "): their APIs, payment pages and webhooks. " +
			"No account is needed and no money moves.",
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(newServe(version), newTrigger(), newList(), newEnv(), newClock(), newReset())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "Error: %v\n", err)
		return 1
	}
	return 0
}
