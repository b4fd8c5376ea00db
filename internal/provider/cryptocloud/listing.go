package cryptocloud

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

func listing() *invoice.Listing[client.Spec, *client.Invoice] {
	date := []validator.String{attribute.Date()}
	return &invoice.Listing[client.Spec, *client.Invoice]{
		Filters: []invoice.Filter{
			{Name: "start", Required: true, Description: "The first day of creation, `YYYY-MM-DD`, in UTC.", Validators: date},
			{Name: "end", Required: true, Description: "The last day of creation, `YYYY-MM-DD`, in UTC. It must not be before `start`.", Validators: date},
			{Name: "order_id", Description: "Only invoices with exactly this reference. Filtered by the provider.", Validators: attribute.NullOrNotEmpty()},
		},
		ByPhase: true,
		Find:    invoice.ListBy[client.Spec, client.Filter, *client.Invoice](filter),
	}
}

func filter(arguments map[string]string) (client.Filter, error) {
	start, end, err := invoice.Days(arguments, "start", "end")
	return client.Filter{Start: start, End: end, OrderID: arguments["order_id"]}, err
}

// listConcurrency is how many pages a read-ahead requests at a time: fewer than the
// invoices that Terraform would read at a time.
const listConcurrency = 4

// listCreatedBetween lists the days on which the invoices were created.
func listCreatedBetween(ctx context.Context, c gateway.Gateway[client.Spec, *client.Invoice], from, to time.Time) iter.Seq2[*client.Invoice, error] {
	return invoice.ListAll[client.Spec, client.Filter, *client.Invoice](ctx, c, client.Filter{Start: from.UTC(), End: to.UTC(), AtOnce: listConcurrency})
}
