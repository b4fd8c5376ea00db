// Package engine makes, reads and cancels invoices with any gateway's client, and
// decides what becomes of them. It knows nothing of Terraform.
package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/readahead"
)

// Traits are what is peculiar to a gateway.
type Traits[Spec any, Inv gateway.Invoice] struct {
	// Name is the gateway's name in configurations, such as "cryptocloud".
	Name string
	// ReadBack reads a new invoice once more, since the answer to a create
	// holds less than a read.
	ReadBack bool
	// LooksUpFirst looks a user's reference up before a create, so that what is
	// found after it can be told from what was there before. Without it, the
	// gateway's clock tells them apart.
	LooksUpFirst bool
	// RepeatsReferences says that the gateway may answer a create with an
	// older invoice that has the same reference.
	RepeatsReferences bool
	// Differs tells in what an invoice is not what was ordered, besides amount
	// and currency; "" where it says nothing else. nil where there is nothing to
	// compare.
	Differs func(spec Spec, inv Inv) string
	// OpenFor is how long ago an invoice that is still open can have been
	// made by this Spec, for adoption; nil where that does not matter.
	OpenFor func(Spec) time.Duration
}

// Engine runs the operations of one gateway, for one account.
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

// New makes the engine of a gateway's client, which asks at a place. readAhead is
// nil where there is none. Engines with the same claims do not take over each
// other's invoices.
func New[Spec any, Inv gateway.Invoice](traits Traits[Spec, Inv], client gateway.Gateway[Spec, Inv], place Place, readAhead *readahead.Reader[Inv], claims *Claims) *Engine[Spec, Inv] {
	return &Engine[Spec, Inv]{Client: client, traits: traits, place: place, readAhead: readAhead, claims: claims, now: time.Now, sleep: pause}
}

// Facts are those of an invoice at this time.
func (e *Engine[Spec, Inv]) Facts(inv Inv) gateway.Facts { return inv.Facts(e.now()) }

// changed notes that this process has made or changed an invoice.
func (e *Engine[Spec, Inv]) changed(id string) {
	if e.readAhead != nil {
		e.readAhead.Forget(id)
	}
}

// Complete is a row of a list, or where it is partial, the invoice read by itself.
// Of one that is gone by now the row is all that there is.
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

// AcquireForDelete claims an invoice that is to be destroyed: see Claims.
func (e *Engine[Spec, Inv]) AcquireForDelete(ctx context.Context, id, token string) (done func(gone bool), err error) {
	return e.claims.AcquireForDelete(ctx, e.traits.Name, id, token)
}

// ClaimToken is the token of the claim on an invoice; "" where there is none.
func (e *Engine[Spec, Inv]) ClaimToken(id string) string { return e.claims.Token(e.traits.Name, id) }

// pause waits, or ends at once with the context.
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
