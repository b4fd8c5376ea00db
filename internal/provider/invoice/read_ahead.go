package invoice

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/readahead"
)

// newReadAhead returns the read-ahead of a gateway's client; nil if the gateway has
// none.
func newReadAhead[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv], client gateway.Gateway[Spec, Inv]) *readahead.Reader[Inv] {
	if def.ListCreatedBetween == nil {
		return nil
	}
	return readahead.New(readahead.Source[Inv]{
		Single: client.Get,
		List: func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error] {
			return def.ListCreatedBetween(ctx, client, from, to)
		},
		Same: func(ctx context.Context, a, b Inv) bool { return sameView(ctx, def, a, b) },
	})
}

// sameView reports whether a refresh would show the same for both.
func sameView[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv], a, b Inv) bool {
	left, leftOK := viewOf(ctx, def, a)
	right, rightOK := viewOf(ctx, def, b)
	return leftOK && rightOK && left.Equal(right)
}

func viewOf[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv], inv Inv) (types.List, bool) {
	v, diags := view(ctx, def, inv)
	list, more := viewList(ctx, viewAttributes(ctx, def), []View[Inv]{v})
	return list, !diags.HasError() && !more.HasError()
}
