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

// condition is what a destroy finds of an invoice.
type condition int

const (
	// conditionUnclear: it cannot be told what became of the invoice.
	conditionUnclear condition = iota
	// conditionOpen: it can still be paid, or may be.
	conditionOpen
	// conditionClosed: it is over, and no money has moved.
	conditionClosed
	// conditionMoneyMoved: money has arrived, wholly or in part, whatever the phase.
	conditionMoneyMoved
	// conditionGone: it is proved that the gateway no longer knows it.
	conditionGone
)

// conditionOf is the condition of an invoice that was read, or was not.
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
	// DestroyFail is an error; the invoice stays in state.
	DestroyFail DestroyAction = iota
	// DestroyCancel cancels it; it leaves the state when the gateway says that it is
	// closed.
	DestroyCancel
	// DestroyDone has nothing to cancel; the invoice leaves the state.
	DestroyDone
	// DestroyGone is the same, with a warning that it is gone.
	DestroyGone
	// DestroyLeave leaves it alone; it leaves the state with a warning that money
	// has moved.
	DestroyLeave
	// DestroyKeep is an error, since money has moved; it stays in state.
	DestroyKeep
	// DestroyAbandon lets it leave the state without a request.
	DestroyAbandon
)

// destroyActions is what each deletion policy does in each condition.
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

// destroyActionFor is what destroy does with an invoice. What is in no table is an
// error, so that nothing is lost.
func destroyActionFor(policy string, s condition) DestroyAction { return destroyActions[policy][s] }

// Destroyed is how a destroy ended.
type Destroyed struct {
	Action DestroyAction
	// Facts are those of the last reading.
	Facts gateway.Facts
	// Operation is what failed, where Action is DestroyFail.
	Operation string
}

// Destroy does with an invoice what a deletion policy says. The error is that of
// DestroyFail.
func (e *Engine[Spec, Inv]) Destroy(ctx context.Context, policy string, k StoredInvoice) (Destroyed, error) {
	if policy == PolicyAbandon {
		return Destroyed{Action: DestroyAbandon}, nil
	}
	inv, err := e.Read(ctx, k)
	d := Destroyed{Operation: "read"}
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

// Cancel cancels an invoice that was just read, whoever made it, and confirms it.
func (e *Engine[Spec, Inv]) Cancel(ctx context.Context, inv Inv) (gateway.Facts, error) {
	f := e.Facts(inv)
	id := identityOf(f)
	here := newProvenance(e.place, id, id.CreatedAt)
	return e.cancelAndConfirm(ctx, StoredInvoice{ID: f.ID, Recorded: &here}, inv)
}
