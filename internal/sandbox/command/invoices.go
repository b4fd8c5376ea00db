package command

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/control"
)

func newTrigger() *cobra.Command {
	var flags targetFlags
	var amount string
	cmd := &cobra.Command{
		Use:   "trigger GATEWAY ID EVENT",
		Short: "Trigger an event for an invoice",
		Long: "Triggers an event for an invoice: pay, underpay, overpay, expire, cancel, fail, refund or forget, " +
			"or one that only its gateway has. If the event is not possible, the error lists those that are.",
		Example: "  terraform-provider-payinvoice sandbox trigger meum inv_cb1e73f508a2abf4ea639f100de14cef pay",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.with(cmd, func(t target) error {
				inv, err := t.Trigger(cmd.Context(), args[0], args[1], args[2], amount)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s is %s (%s)\n", inv.Gateway, inv.ID, inv.Phase, inv.Status)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&amount, "amount", "", "the total that the payer sends, as `decimal` text, for underpay and overpay")
	flags.add(cmd)
	return cmd
}

func newList() *cobra.Command {
	var flags targetFlags
	var gateway string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List invoices, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.with(cmd, func(t target) error {
				found, err := t.Invoices(cmd.Context(), gateway)
				if err != nil {
					return err
				}
				if asJSON {
					encoder := json.NewEncoder(cmd.OutOrStdout())
					encoder.SetIndent("", "  ")
					encoder.SetEscapeHTML(false)
					return encoder.Encode(found)
				}
				return printTable(cmd.OutOrStdout(), found)
			})
		},
	}
	cmd.Flags().StringVar(&gateway, "gateway", "", "only the invoices of this `gateway`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	flags.add(cmd)
	return cmd
}

func printTable(w io.Writer, invoices []control.Invoice) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GATEWAY\tID\tREFERENCE\tAMOUNT\tPHASE\tSTATUS\tCREATED")
	for _, inv := range invoices {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s %s\t%s\t%s\t%s\n", inv.Gateway, inv.ID, inv.Reference, inv.Amount, inv.Currency,
			inv.Phase, inv.Status, inv.CreatedAt.Format(time.RFC3339))
	}
	return table.Flush()
}

func newClock() *cobra.Command {
	var flags targetFlags
	var advance string
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Print the simulated time, or move it forward",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var by time.Duration
			if cmd.Flags().Changed("advance") {
				var err error
				if by, err = control.ParseAdvance(advance); err != nil {
					return fmt.Errorf("--advance %w", err)
				}
			}
			return flags.with(cmd, func(t target) error {
				clock, err := control.Clock{}, error(nil)
				if by > 0 {
					clock, err = t.Advance(cmd.Context(), by)
				} else {
					clock, err = t.Clock(cmd.Context())
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s, %s ahead\n", clock.Now.Format(time.RFC3339), clock.Ahead)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&advance, "advance", "", "move the clock forward by a `duration` such as 48h")
	flags.add(cmd)
	return cmd
}

func newReset() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Remove all invoices, deliveries and faults, and set the clock to the real time",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.with(cmd, func(t target) error { return t.Reset(cmd.Context()) })
		},
	}
	flags.add(cmd)
	return cmd
}
