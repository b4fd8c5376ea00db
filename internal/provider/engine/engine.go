// Package engine creates, reads and cancels invoices with any gateway's client, and
// makes the decisions about them. It knows nothing of Terraform.
package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/readahead"
)

// Traits are the peculiarities of a gateway.
type Traits[Spec any, Inv gateway.Invoice] struct {
	// Name is the gateway's name in configurations, such as "cryptocloud".
	Name string
	// ReadBack reads a new invoice once more, because the response to a create has less
	// than a read.
	ReadBack bool
	// LooksUpFirst looks up a user's reference before a create, to tell new invoices
	// from older ones afterwards. Without it, the gateway's clock does that.
	LooksUpFirst bool
	// RepeatsReferences says that the gateway may return an older invoice with the
	// same reference for a create.
	RepeatsReferences bool
	// Differs describes how an invoice differs from the request, apart from amount and
	// currency; "" if it does not. It is nil if there is nothing to compare.
	Differs func(spec Spec, inv Inv) string
	// OpenFor is how long an invoice with this Spec can stay open, for adoption; nil if
	// that does not matter.
	OpenFor func(Spec) time.Duration
}

// Engine runs the operations of one gateway for one account.
type Engine[Spec any, Inv gateway.Invoice] struct {
	Client gateway.Gateway[Spec, Inv]

	traits    Traits[Spec, Inv]
	place     Place
	readAhead *readahead.Reader[Inv]
	claims    *Claims
	account   accountCheck
	now       func() time.Time
	sleep     func(context.Context, time.Duration) error
}

// New returns the engine of a gateway's client at a place. readAhead may be nil.
// Engines that share claims do not take over each other's invoices.
func New[Spec any, Inv gateway.Invoice](traits Traits[Spec, Inv], client gateway.Gateway[Spec, Inv], place Place, readAhead *readahead.Reader[Inv], claims *Claims) *Engine[Spec, Inv] {
	return &Engine[Spec, Inv]{Client: client, traits: traits, place: place, readAhead: readAhead, claims: claims, now: time.Now, sleep: pause}
}

// Facts returns the facts of an invoice at the current time.
func (e *Engine[Spec, Inv]) Facts(inv Inv) gateway.Facts { return inv.Facts(e.now()) }

// changed records that this process has created or changed an invoice.
func (e *Engine[Spec, Inv]) changed(id string) {
	if e.readAhead != nil {
		e.readAhead.Forget(id)
	}
}

// Complete returns a row of a list or, if the row is partial, the invoice from a read.
// If the invoice is gone by then, it returns the row.
func (e *Engine[Spec, Inv]) Complete(ctx context.Context, row Inv) (Inv, error) {
	f := e.Facts(row)
	if !f.Partial {
		return row, nil
	}
	inv, err := e.Client.Get(ctx, f.ID)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		return row, nil
	case err != nil:
		return inv, fmt.Errorf("reading invoice %s, which the list shows only in part: %w", f.ID, err)
	}
	return inv, nil
}

// AcquireForDelete claims an invoice that is to be destroyed: see
// Claims.AcquireForDelete.
func (e *Engine[Spec, Inv]) AcquireForDelete(ctx context.Context, id, token string) (done func(gone bool), err error) {
	return e.claims.AcquireForDelete(ctx, e.traits.Name, id, token)
}

// ClaimToken returns the token of the claim on an invoice; "" if there is none.
func (e *Engine[Spec, Inv]) ClaimToken(id string) string { return e.claims.Token(e.traits.Name, id) }

// pause waits for d, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
