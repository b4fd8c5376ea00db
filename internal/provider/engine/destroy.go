package engine

import (
	"context"
	"errors"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The deletion policies.
const (
	PolicyCancel       = "cancel"
	PolicyCancelOrFail = "cancel_or_fail"
	PolicyAbandon      = "abandon"
)

// condition is the condition in which destroy finds an invoice.
type condition int

const (
	// conditionUnclear: it cannot be determined.
	conditionUnclear condition = iota
	// conditionOpen: the invoice can still be paid, or may be payable.
	conditionOpen
	// conditionClosed: it is closed, and no money has moved.
	conditionClosed
	// conditionMoneyMoved: money has been paid, wholly or in part, in any phase.
	conditionMoneyMoved
	// conditionGone: it is proved that the gateway no longer has it.
	conditionGone
)

// conditionOf returns the condition of an invoice from the result of a read.
func conditionOf(f gateway.Facts, pending bool, err error) condition {
	switch {
	case errors.Is(err, ErrGone):
		return conditionGone
	case err != nil:
		return conditionUnclear
	case f.MoneyMoved || f.Phase.MoneyMoved():
		return conditionMoneyMoved
	case f.Phase.Closed() && !pending:
		return conditionClosed
	default:
		return conditionOpen
	}
}

// DestroyAction is what destroy does with an invoice.
type DestroyAction int

const (
	// DestroyFail is an error; the invoice stays in the state.
	DestroyFail DestroyAction = iota
	// DestroyCancel cancels it; it leaves the state once the gateway says that it is
	// closed.
	DestroyCancel
	// DestroyDone does nothing; the invoice leaves the state.
	DestroyDone
	// DestroyGone is DestroyDone with a warning that the invoice is gone.
	DestroyGone
	// DestroyLeave leaves it alone; it leaves the state, with a warning that money has
	// moved.
	DestroyLeave
	// DestroyKeep is an error because money has moved; the invoice stays in the state.
	DestroyKeep
	// DestroyAbandon removes it from the state without a request.
	DestroyAbandon
)

// destroyActions are the actions by deletion policy and condition.
var destroyActions = map[string]map[condition]DestroyAction{
	PolicyCancel: {
		conditionOpen: DestroyCancel, conditionClosed: DestroyDone, conditionMoneyMoved: DestroyLeave,
		conditionGone: DestroyGone, conditionUnclear: DestroyFail,
	},
	PolicyCancelOrFail: {
		conditionOpen: DestroyCancel, conditionClosed: DestroyDone, conditionMoneyMoved: DestroyKeep,
		conditionGone: DestroyGone, conditionUnclear: DestroyFail,
	},
	PolicyAbandon: {
		conditionOpen: DestroyAbandon, conditionClosed: DestroyAbandon, conditionMoneyMoved: DestroyAbandon,
		conditionGone: DestroyAbandon, conditionUnclear: DestroyAbandon,
	},
}

// destroyActionFor looks up the action. Anything that is not in the table fails, so
// that nothing is lost.
func destroyActionFor(policy string, c condition) DestroyAction { return destroyActions[policy][c] }

// DestroyResult is the result of a destroy.
type DestroyResult struct {
	Action DestroyAction
	// Facts are from the last read.
	Facts gateway.Facts
	// Operation is what failed if Action is DestroyFail.
	Operation string
}

// Destroy destroys an invoice according to a deletion policy. The error is that of
// DestroyFail.
func (e *Engine[Spec, Inv]) Destroy(ctx context.Context, policy string, k StoredInvoice) (DestroyResult, error) {
	if policy == PolicyAbandon {
		return DestroyResult{Action: DestroyAbandon}, nil
	}
	inv, err := e.Read(ctx, k)
	d := DestroyResult{Operation: "read"}
	pending := false
	if err == nil {
		d.Facts, pending = e.Facts(inv), Pending(inv)
	}
	if d.Action = destroyActionFor(policy, conditionOf(d.Facts, pending, err)); d.Action != DestroyCancel {
		return d, err
	}
	d.Operation = "cancel"
	here, _ := e.Record(k, inv)
	k.Recorded = &here
	canceled, err := e.cancelAndConfirm(ctx, k, inv)
	if err == nil || errors.Is(err, ErrGone) {
		d.Facts = canceled
		d.Action = destroyActionFor(policy, conditionOf(canceled, false, err))
		return d, err
	}
	d.Action = DestroyFail
	return d, err
}

// Cancel cancels an invoice that was just read, whoever created it, and confirms it.
func (e *Engine[Spec, Inv]) Cancel(ctx context.Context, inv Inv) (gateway.Facts, error) {
	f := e.Facts(inv)
	id := identityOf(f)
	here := newProvenance(e.place, id, id.CreatedAt)
	return e.cancelAndConfirm(ctx, StoredInvoice{ID: f.ID, Recorded: &here}, inv)
}
