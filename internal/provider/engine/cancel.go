package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// confirmPauses are the pauses before each read that confirms a cancellation.
var confirmPauses = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second}

// Pending reports whether the gateway itself calls the invoice unpaid, whatever the
// clock says: at the zero time, no deadline has passed.
func Pending(inv gateway.Invoice) bool {
	return inv.Facts(time.Time{}).Phase == gateway.PhaseOpen
}

// cancelAndConfirm asks the gateway to cancel, and returns the facts once the gateway
// shows a closed invoice: in the response, if that is the whole invoice, or in a read.
// A refused or lost response is settled by reading too, because the invoice may have
// been canceled or paid all the same. ErrGone means that it is gone.
func (e *Engine[Spec, Inv]) cancelAndConfirm(ctx context.Context, k StoredInvoice, inv Inv) (gateway.Facts, error) {
	e.changed(k.ID)
	canceled, shown, cancelErr := e.Client.Cancel(ctx, inv)
	if cancelErr == nil && shown && isConfirmedClosed(e.Facts(canceled), canceled) {
		return e.Facts(canceled), nil
	}
	var last gateway.Facts
	for n, pause := range confirmPauses {
		if err := e.sleep(ctx, pause); err != nil {
			return last, errors.Join(cancelErr, err)
		}
		read, err := e.Read(ctx, k)
		if errors.Is(err, ErrGone) {
			return last, ErrGone
		}
		if err != nil {
			return last, errors.Join(cancelErr, fmt.Errorf("confirming the cancellation: %w", err))
		}
		last = e.Facts(read)
		switch {
		case isConfirmedClosed(last, read), last.MoneyMoved:
			return last, nil
		case cancelErr != nil && last.Phase == gateway.PhaseExpired && refused(cancelErr):
			return last, nil
		case cancelErr != nil && (n > 0 || !errors.Is(cancelErr, gateway.ErrUnavailable)):
			return last, cancelErr
		}
		// A cancel without a response may take effect a moment later.
	}
	return last, &UnconfirmedError{facts: last}
}

// isConfirmedClosed reports whether the gateway says that the invoice is closed.
func isConfirmedClosed(f gateway.Facts, inv gateway.Invoice) bool {
	return f.Status != "" && f.Phase.Closed() && !Pending(inv)
}

// refused reports whether the gateway understood the cancel and declined it.
func refused(err error) bool {
	return errors.Is(err, gateway.ErrClosed) || errors.Is(err, gateway.ErrInvalid)
}

// UnconfirmedError is a cancel that was accepted but not carried out.
type UnconfirmedError struct{ facts gateway.Facts }

// Error says what the gateway reports.
func (e *UnconfirmedError) Error() string {
	if e.facts.Status == "" {
		return "the gateway accepted the cancellation, but does not return a status"
	}
	return fmt.Sprintf("the gateway accepted the cancellation, but still reports the status %q", e.facts.Status)
}
