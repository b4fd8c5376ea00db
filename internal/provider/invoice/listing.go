package invoice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// phasesArgument filters the result of a listing.
const phasesArgument = "phases"

// listTimeout limits a whole listing, with all its pages.
const listTimeout = 20 * time.Minute

// FindFunc lists the invoices that a listing's arguments select.
type FindFunc[Spec any, Inv gateway.Invoice] func(ctx context.Context, client gateway.Gateway[Spec, Inv], arguments map[string]string) (iter.Seq2[Inv, error], error)

// ArgumentError is an invalid argument of a listing.
type ArgumentError struct {
	// Name is the argument; Message says what it must be.
	Name, Message string
}

func (e *ArgumentError) Error() string { return e.Name + ": " + e.Message }

// ListBy returns a FindFunc for a client that is a gateway.Lister. filter converts the
// arguments to the client's filter.
func ListBy[Spec, Filter any, Inv gateway.Invoice](filter func(arguments map[string]string) (Filter, error)) FindFunc[Spec, Inv] {
	return func(ctx context.Context, client gateway.Gateway[Spec, Inv], arguments map[string]string) (iter.Seq2[Inv, error], error) {
		f, err := filter(arguments)
		if err != nil {
			return nil, err
		}
		return ListAll[Spec, Filter, Inv](ctx, client, f), nil
	}
}

// ListAll lists what a filter selects, with a client that is a gateway.Lister.
func ListAll[Spec, Filter any, Inv gateway.Invoice](ctx context.Context, client gateway.Gateway[Spec, Inv], filter Filter) iter.Seq2[Inv, error] {
	lister, ok := client.(gateway.Lister[Filter, Inv])
	if !ok {
		return func(yield func(Inv, error) bool) {
			var none Inv
			yield(none, errors.New("this gateway cannot list invoices"))
		}
	}
	return lister.List(ctx, filter)
}

// query is a configured listing.
type query struct {
	arguments map[string]string
	phases    []string
}

// arguments are the same in the data source and in the list resource. The schema
// package for list resources has no sets, but accepts those of a data source.
func (l *Listing[Spec, Inv]) arguments() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range l.Filters {
		attributes[f.Name] = schema.StringAttribute{
			Required: f.Required, Optional: !f.Required, Validators: f.Validators, MarkdownDescription: f.Description,
		}
	}
	if l.ByPhase {
		attributes[phasesArgument] = schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(phaseNames()...))},
			MarkdownDescription: "Only invoices in one of these phases, such as `[\"open\"]`. Filtered by the provider.",
		}
	}
	return attributes
}

func (l *Listing[Spec, Inv]) query(ctx context.Context, config tfsdk.Config) (query, diag.Diagnostics) {
	var diags diag.Diagnostics
	q := query{arguments: map[string]string{}}
	for _, f := range l.Filters {
		var value types.String
		diags.Append(config.GetAttribute(ctx, path.Root(f.Name), &value)...)
		if value.ValueString() != "" {
			q.arguments[f.Name] = value.ValueString()
		}
	}
	if l.ByPhase {
		diags.Append(config.GetAttribute(ctx, path.Root(phasesArgument), &q.phases)...)
	}
	return q, diags
}

// find yields the invoices that a query selects, in the gateway's order. A partial row
// is completed when its turn comes.
func (l *Listing[Spec, Inv]) find(ctx context.Context, e *engine.Engine[Spec, Inv], q query) (iter.Seq2[Inv, error], error) {
	all, err := l.Find(ctx, e.Client, q.arguments)
	if err != nil {
		return nil, err
	}
	return func(yield func(Inv, error) bool) {
		for inv, err := range all {
			if err == nil {
				inv, err = e.Complete(ctx, inv)
			}
			if err == nil && len(q.phases) > 0 && !slices.Contains(q.phases, string(e.Facts(inv).Phase)) {
				continue
			}
			if !yield(inv, err) || err != nil {
				return
			}
		}
	}, nil
}

// collect gathers all invoices, oldest first: a gateway's own order may change between
// two listings. With an error, it returns the invoices read so far.
func collect[Inv gateway.Invoice](all iter.Seq2[Inv, error], now time.Time) ([]Inv, error) {
	var invoices []Inv
	for inv, err := range all {
		if err != nil {
			return invoices, err
		}
		invoices = append(invoices, inv)
	}
	slices.SortStableFunc(invoices, func(a, b Inv) int {
		left, right := a.Facts(now), b.Facts(now)
		return cmp.Or(left.CreatedAt.Compare(right.CreatedAt), cmp.Compare(left.ID, right.ID))
	})
	return invoices, nil
}

// displayName distinguishes invoices by reference, amount, currency and phase.
func displayName(f gateway.Facts) string {
	reference := f.Reference
	if reference == "" {
		reference = f.ID
	}
	if !f.Amount.IsPresent() {
		return fmt.Sprintf("%s (%s)", reference, f.Phase)
	}
	return fmt.Sprintf("%s: %s %s (%s)", reference, f.Amount, f.Currency, f.Phase)
}

func phaseNames() []string {
	var names []string
	for _, p := range gateway.Phases() {
		names = append(names, string(p))
	}
	return names
}
