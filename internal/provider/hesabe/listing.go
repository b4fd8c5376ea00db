package hesabe

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

func listing() *invoice.Listing[client.Spec, *client.Invoice] {
	notEmpty := attribute.NullOrNotEmpty()
	return &invoice.Listing[client.Spec, *client.Invoice]{
		Filters: []invoice.Filter{
			{Name: "from_date", Description: "Only invoices created on this day or later, `YYYY-MM-DD`, in Kuwait.", Validators: attribute.NullOrNotEmpty(attribute.Date())},
			{Name: "to_date", Description: "Only invoices created on this day or earlier, `YYYY-MM-DD`, in Kuwait.", Validators: attribute.NullOrNotEmpty(attribute.Date())},
			{Name: "search", Description: "Only invoices in which Hesabe finds this text. What it searches is not documented.", Validators: notEmpty},
			{Name: "reference_number", Description: "Only invoices with exactly this reference.", Validators: notEmpty},
		},
		ByPhase: true,
		Find:    invoice.ListBy[client.Spec, client.Filter, *client.Invoice](filter),
	}
}

func filter(arguments map[string]string) (client.Filter, error) {
	_, _, err := invoice.Days(arguments, "from_date", "to_date")
	return client.Filter{
		FromDate:        arguments["from_date"],
		ToDate:          arguments["to_date"],
		Search:          arguments["search"],
		ReferenceNumber: arguments["reference_number"],
	}, err
}

// kuwait is the time zone of the list's days; it has no daylight saving time.
var kuwait = time.FixedZone("Asia/Kuwait", 3*60*60)

// listConcurrency is how many pages a read-ahead requests at a time: fewer than the
// invoices that Terraform would read at a time.
const listConcurrency = 4

// listCreatedBetween lists the days on which the invoices were created.
func listCreatedBetween(ctx context.Context, c gateway.Gateway[client.Spec, *client.Invoice], from, to time.Time) iter.Seq2[*client.Invoice, error] {
	return invoice.ListAll[client.Spec, client.Filter, *client.Invoice](ctx, c, client.Filter{
		FromDate: from.In(kuwait).Format(attribute.DateLayout), ToDate: to.In(kuwait).Format(attribute.DateLayout),
		AtOnce: listConcurrency,
	})
}

// tokenFinder is a client that can find an invoice by its token.
type tokenFinder interface {
	FindByToken(ctx context.Context, token string) (*client.Invoice, error)
}

// byToken lets the actions name an invoice by its token.
func byToken() *invoice.Alternative[client.Spec, *client.Invoice] {
	return &invoice.Alternative[client.Spec, *client.Invoice]{
		Name:        "token",
		Description: "The invoice's token: digits. Hesabe cannot read an invoice by its token, so the provider looks it up in the list.",
		Validators:  []validator.String{digits("^[0-9]+$", "must be the digits of an invoice's token")},
		Find: func(ctx context.Context, c gateway.Gateway[client.Spec, *client.Invoice], token string) (*client.Invoice, error) {
			finder, ok := c.(tokenFinder)
			if !ok {
				return nil, errors.New("this gateway's client cannot look up a token")
			}
			return finder.FindByToken(ctx, token)
		},
	}
}
