package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// confirmPauses are the waits before each reading that is to confirm a cancel.
var confirmPauses = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second}

// Settlement is how a cancel ended.
type Settlement struct {
	Facts gateway.Facts
	// Gone says that the gateway no longer knows the invoice.
	Gone bool
}

// Pending reports that the gateway itself calls the invoice unpaid, whatever
// the clock says: at the beginning of time no deadline has passed.
func Pending(inv gateway.Invoice) bool {
	return inv.Facts(time.Time{}).Phase == gateway.PhaseOpen
}

// CancelAndConfirm asks the gateway to cancel and reads the invoice until the
// gateway says that it is over. A refused or lost answer is settled by reading
// too: the invoice may have been canceled, or paid, all the same.
func (e *Engine[Spec, Inv]) CancelAndConfirm(ctx context.Context, inv Inv) (Settlement, error) {
	id := inv.Facts(e.now()).ID
	e.changed(id)
	_, _, cancelErr := e.Client.Cancel(ctx, inv)
	var last Settlement
	for n, pause := range confirmPauses {
		if err := e.pause(ctx, pause); err != nil {
			return last, errors.Join(cancelErr, err)
		}
		read, err := e.Client.Get(ctx, id)
		if errors.Is(err, gateway.ErrNotFound) {
			return Settlement{Gone: true}, nil
		}
		if err != nil {
			return last, errors.Join(cancelErr, fmt.Errorf("confirming the cancellation: %w", err))
		}
		last = Settlement{Facts: read.Facts(e.now())}
		switch {
		case last.Facts.Phase.Closed() && !Pending(read):
			return last, nil
		case cancelErr == nil && last.Facts.Status == "":
			// The gateway does not say how its invoices stand: that it accepted
			// is all the confirmation there is.
			last.Facts.Phase = gateway.PhaseCanceled
			return last, nil
		case cancelErr != nil && last.Facts.Phase == gateway.PhaseExpired && refused(cancelErr):
			return last, nil
		case cancelErr != nil && (n > 0 || !errors.Is(cancelErr, gateway.ErrUnavailable)):
			return last, cancelErr
		}
		// What was not answered may take effect a moment later.
	}
	return last, &UnconfirmedError{facts: last.Facts}
}

// refused reports that the gateway understood the cancel and declined it.
func refused(err error) bool {
	return errors.Is(err, gateway.ErrClosed) || errors.Is(err, gateway.ErrInvalid)
}

// UnconfirmedError says that a cancel was accepted and yet not carried out.
type UnconfirmedError struct{ facts gateway.Facts }

func (e *UnconfirmedError) Error() string {
	return fmt.Sprintf("the gateway accepted the cancellation, but still reports the status %q", e.facts.Status)
}
