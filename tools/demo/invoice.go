package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
)

//go:embed invoices.tf
var invoicesTF string

// gateways are those of invoices.tf, in its order.
var gateways = func() (names []string) {
	for _, block := range regexp.MustCompile(`(?m)^resource "payinvoice_([a-z]+)_invoice"`).FindAllStringSubmatch(invoicesTF, -1) {
		names = append(names, block[1])
	}
	return names
}()

// invoice is what every gateway's invoice has.
type invoice struct {
	ID          string `json:"id"`
	Amount      string `json:"amount"`
	Status      string `json:"status"`
	Phase       string `json:"phase"`
	CheckoutURL string `json:"checkout_url"`
}

func resourceType(gateway string) string { return "payinvoice_" + gateway + "_invoice" }

// parseState returns the invoices of a state, by gateway, from the answer to
// "show -json".
func parseState(answer []byte) (map[string]invoice, error) {
	var doc struct {
		Values struct {
			Root struct {
				Resources []struct {
					Type   string  `json:"type"`
					Values invoice `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(answer, &doc); err != nil {
		return nil, err
	}
	invoices := make(map[string]invoice)
	for _, resource := range doc.Values.Root.Resources {
		gateway := strings.TrimSuffix(strings.TrimPrefix(resource.Type, "payinvoice_"), "_invoice")
		invoices[gateway] = resource.Values
	}
	return invoices, nil
}

// checkCreated tells what is wrong with invoices that were just made.
func checkCreated(invoices map[string]invoice) error {
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

// checkProof tells which of the invoices that were made are not among those
// found, or are not canceled.
func checkProof(made, found map[string]invoice) error {
	var wrong []error
	for _, gateway := range gateways {
		switch got, ok := found[gateway]; {
		case !ok:
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s was not found", gateway, made[gateway].ID))
		case got.ID != made[gateway].ID:
			wrong = append(wrong, fmt.Errorf("%s: the invoice found is %s, not %s", gateway, got.ID, made[gateway].ID))
		case got.Phase != canceled:
			wrong = append(wrong, fmt.Errorf("%s: the invoice %s is not canceled: status %s, phase %s", gateway, got.ID, got.Status, got.Phase))
		}
	}
	return errors.Join(wrong...)
}

func printTable(out io.Writer, invoices map[string]invoice) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "   GATEWAY\tID\tAMOUNT\tSTATUS\tPHASE\tCHECKOUT URL")
	for _, gateway := range gateways {
		i := invoices[gateway]
		fmt.Fprintf(table, "   %s\t%s\t%s\t%s\t%s\t%s\n", gateway, i.ID, i.Amount, i.Status, i.Phase, i.CheckoutURL)
	}
	return table.Flush()
}
