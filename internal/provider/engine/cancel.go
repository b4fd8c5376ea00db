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

// Pending reports that the gateway itself calls the invoice unpaid, whatever
// the clock says: at the beginning of time no deadline has passed.
func Pending(inv gateway.Invoice) bool {
	return inv.Facts(time.Time{}).Phase == gateway.PhaseOpen
}

// cancelAndConfirm asks the gateway to cancel, and returns what the invoice is when
// the gateway has said that it is over: in the answer, where that shows the whole
// invoice, or else when it is read. A refused or lost answer is settled by reading
// too: the invoice may have been canceled, or paid, all the same. ErrGone says that
// it is gone.
func (e *Engine[Spec, Inv]) cancelAndConfirm(ctx context.Context, k StoredInvoice, inv Inv) (gateway.Facts, error) {
	e.changed(k.ID)
	answer, shown, cancelErr := e.Client.Cancel(ctx, inv)
	if cancelErr == nil && shown && isConfirmedClosed(e.Facts(answer), answer) {
		return e.Facts(answer), nil
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
		// What was not answered may take effect a moment later.
	}
	return last, &UnconfirmedError{facts: last}
}

// isConfirmedClosed reports whether the gateway says that the invoice is over.
func isConfirmedClosed(f gateway.Facts, inv gateway.Invoice) bool {
	return f.Status != "" && f.Phase.Closed() && !Pending(inv)
}

// refused reports that the gateway understood the cancel and declined it.
func refused(err error) bool {
	return errors.Is(err, gateway.ErrClosed) || errors.Is(err, gateway.ErrInvalid)
}

// UnconfirmedError says that a cancel was accepted and yet not carried out.
type UnconfirmedError struct{ facts gateway.Facts }

// Error says what the gateway reports.
func (e *UnconfirmedError) Error() string {
	if e.facts.Status == "" {
		return "the gateway accepted the cancellation, but does not return a status"
	}
	return fmt.Sprintf("the gateway accepted the cancellation, but still reports the status %q", e.facts.Status)
}
