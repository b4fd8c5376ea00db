package engine

import "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"

// The deletion policies.
const (
	PolicyCancel       = "cancel"
	PolicyCancelOrFail = "cancel_or_fail"
	PolicyAbandon      = "abandon"
)

// DestroyAction is what destroy does next.
type DestroyAction int

const (
	// DestroyNothing: there is nothing to cancel; remove from state.
	DestroyNothing DestroyAction = iota
	// DestroyCancel: ask the gateway to cancel.
	DestroyCancel
	// DestroyForget: remove from state and warn that money has moved.
	DestroyForget
	// DestroyKeep: an error; the invoice stays in state.
	DestroyKeep
)

// DestroyActionFor decides what destroy does with an invoice in a phase. pending says that
// the gateway itself still calls the invoice unpaid, whatever the clock says.
func DestroyActionFor(policy string, phase gateway.Phase, pending bool) DestroyAction {
	switch {
	case policy == PolicyAbandon:
		return DestroyNothing
	case phase.MoneyMoved() && policy == PolicyCancelOrFail:
		return DestroyKeep
	case phase.MoneyMoved():
		return DestroyForget
	case phase.Closed() && !pending:
		return DestroyNothing
	default:
		return DestroyCancel
	}
}
