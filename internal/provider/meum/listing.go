package meum

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

func listing() *invoice.Listing[client.Spec, *client.Invoice] {
	notEmpty := attribute.NullOrNotEmpty()
	return &invoice.Listing[client.Spec, *client.Invoice]{
		Filters: []invoice.Filter{
			{Name: "status", Description: "Only invoices with this status, as Meum returns it, such as `awaiting_payment`.", Validators: attribute.NullOrNotEmpty(stringvalidator.OneOf(client.Phases.Statuses()...))},
			{Name: "external_order_id", Description: "Only invoices with exactly this reference.", Validators: notEmpty},
			{Name: "customer_id", Description: "Only invoices of this customer, a UUID.", Validators: notEmpty},
			{Name: "payment_link_id", Description: "Only invoices created by the payment link with this id.", Validators: notEmpty},
		},
		Find: invoice.ListBy[client.Spec, client.Filter, *client.Invoice](filter),
	}
}

func filter(arguments map[string]string) (client.Filter, error) {
	return client.Filter{
		Status:          arguments["status"],
		ExternalOrderID: arguments["external_order_id"],
		CustomerID:      arguments["customer_id"],
		PaymentLinkID:   arguments["payment_link_id"],
	}, nil
}

// listCreatedBetween lists all invoices, newest first: the names of the date filters
// are not documented.
func listCreatedBetween(ctx context.Context, c gateway.Gateway[client.Spec, *client.Invoice], _, _ time.Time) iter.Seq2[*client.Invoice, error] {
	return invoice.ListAll[client.Spec, client.Filter, *client.Invoice](ctx, c, client.Filter{})
}
