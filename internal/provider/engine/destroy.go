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

// standing is what a destroy finds of an invoice.
type standing int

const (
	// standingUnclear: it cannot be told what became of the invoice.
	standingUnclear standing = iota
	// standingOpen: it can still be paid, or may be.
	standingOpen
	// standingClosed: it is over, and no money has moved.
	standingClosed
	// standingMoneyMoved: money has arrived, wholly or in part, whatever the phase.
	standingMoneyMoved
	// standingGone: it is proved that the gateway no longer knows it.
	standingGone
)

// standingOf is the standing of an invoice that was read, or was not.
func standingOf(f gateway.Facts, pending bool, err error) standing {
	switch {
	case errors.Is(err, ErrGone):
		return standingGone
	case err != nil:
		return standingUnclear
	case f.MoneyMoved || f.Phase.MoneyMoved():
		return standingMoneyMoved
	case f.Phase.Closed() && !pending:
		return standingClosed
	default:
		return standingOpen
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

// destroyActions is what each deletion policy does in each standing.
var destroyActions = map[string]map[standing]DestroyAction{
	PolicyCancel: {
		standingOpen: DestroyCancel, standingClosed: DestroyDone, standingMoneyMoved: DestroyLeave,
		standingGone: DestroyGone, standingUnclear: DestroyFail,
	},
	PolicyCancelOrFail: {
		standingOpen: DestroyCancel, standingClosed: DestroyDone, standingMoneyMoved: DestroyKeep,
		standingGone: DestroyGone, standingUnclear: DestroyFail,
	},
	PolicyAbandon: {
		standingOpen: DestroyAbandon, standingClosed: DestroyAbandon, standingMoneyMoved: DestroyAbandon,
		standingGone: DestroyAbandon, standingUnclear: DestroyAbandon,
	},
}

// destroyActionFor is what destroy does with an invoice. What is in no table is an
// error, so that nothing is lost.
func destroyActionFor(policy string, s standing) DestroyAction { return destroyActions[policy][s] }

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
func (e *Engine[Spec, Inv]) Destroy(ctx context.Context, policy string, k Known) (Destroyed, error) {
	if policy == PolicyAbandon {
		return Destroyed{Action: DestroyAbandon}, nil
	}
	inv, err := e.Read(ctx, k)
	d := Destroyed{Operation: "read, before canceling,"}
	pending := false
	if err == nil {
		d.Facts, pending = e.Facts(inv), Pending(inv)
	}
	if d.Action = destroyActionFor(policy, standingOf(d.Facts, pending, err)); d.Action != DestroyCancel {
		return d, err
	}
	d.Operation = "cancel"
	here, _ := e.Record(k, inv)
	k.Recorded = &here
	canceled, err := e.cancelAndConfirm(ctx, k, inv)
	if err == nil || errors.Is(err, ErrGone) {
		d.Facts = canceled
		d.Action = destroyActionFor(policy, standingOf(canceled, false, err))
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
	return e.cancelAndConfirm(ctx, Known{ID: f.ID, Recorded: &here}, inv)
}
