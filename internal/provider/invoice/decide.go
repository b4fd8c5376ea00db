package invoice

import "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"

// The deletion policies.
const (
	policyCancel       = "cancel"
	policyCancelOrFail = "cancel_or_fail"
	policyAbandon      = "abandon"
)

// verdict is what destroy does next.
type verdict int

const (
	// verdictGone: there is nothing to cancel; remove from state.
	verdictGone verdict = iota
	// verdictCancel: ask the gateway to cancel.
	verdictCancel
	// verdictForget: remove from state and warn that money has moved.
	verdictForget
	// verdictKeep: an error; the invoice stays in state.
	verdictKeep
)

// judge decides what destroy does with an invoice in a phase. pending says that
// the gateway itself still calls the invoice unpaid, whatever the clock says.
func judge(policy string, phase gateway.Phase, pending bool) verdict {
	switch {
	case policy == policyAbandon:
		return verdictGone
	case phase.MoneyMoved() && policy == policyCancelOrFail:
		return verdictKeep
	case phase.MoneyMoved():
		return verdictForget
	case phase.Closed() && !pending:
		return verdictGone
	default:
		return verdictCancel
	}
}
