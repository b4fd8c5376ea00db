package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
)

// checkCreated returns what is wrong with new invoices.
func checkCreated(gateways []string, invoices map[string]provider.Invoice) error {
	var wrong []error
	for _, gateway := range gateways {
		switch made := invoices[gateway]; {
		case made.ID == "":
			wrong = append(wrong, fmt.Errorf("%s: the invoice has no id", gateway))
		case made.Phase != "open":
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s is in phase %q, not \"open\"", gateway, made.ID, made.Phase))
		case made.CheckoutURL == "":
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s has no payment page", gateway, made.ID))
		}
	}
	return errors.Join(wrong...)
}

// checkProof returns the created invoices that are not among those
// found, or are not canceled.
func checkProof(made, found map[string]provider.Invoice) error {
	var wrong []error
	for gateway, invoice := range made {
		switch got, ok := found[gateway]; {
		case !ok:
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s was not found", gateway, invoice.ID))
		case got.ID != invoice.ID:
			wrong = append(wrong, fmt.Errorf("%s: the invoice found is %s, not %s", gateway, got.ID, invoice.ID))
		case got.Phase != canceled:
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s is not canceled: status %s, phase %s", gateway, got.ID, got.Status, got.Phase))
		}
	}
	return errors.Join(wrong...)
}

func printTable(out io.Writer, invoices map[string]provider.Invoice) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "   GATEWAY\tID\tAMOUNT\tSTATUS\tPHASE\tCHECKOUT URL")
	for _, gateway := range slices.Sorted(maps.Keys(invoices)) {
		i := invoices[gateway]
		fmt.Fprintf(table, "   %s\t%s\t%s\t%s\t%s\t%s\n", gateway, i.ID, i.Amount, i.Status, i.Phase, i.CheckoutURL)
	}
	return table.Flush()
}
