package invoice

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// TestFailureOfAction: an action's invoice may not be in the state, so its errors say
// nothing about the state or about destroy.
func TestFailureOfAction(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		&engine.UnconfirmedError{},
		&engine.AnotherInvoiceError{Difference: "another token"},
		&engine.UnconfirmedNotFoundError{Reason: "nothing confirms it", Cause: gateway.ErrNotFound},
		fmt.Errorf("canceling: %w", context.Canceled),
	} {
		r := reporter{name: "meum", title: "Meum"}
		if text := r.failure(opCancel, "invoice inv_1", err)[0].Detail(); !strings.Contains(text, "state") {
			t.Errorf("%v: a resource's error says nothing about the state:\n%s", err, text)
		}
		r.action = true
		if text := r.failure(opCancel, "invoice inv_1", err)[0].Detail(); strings.Contains(text, "state") || strings.Contains(text, "destroy") || strings.HasSuffix(text, " ") {
			t.Errorf("%v: an action's error:\n%s", err, text)
		}
	}
}

// TestFailureOfTakenInvoice: an invoice that another resource has must not be imported.
func TestFailureOfTakenInvoice(t *testing.T) {
	t.Parallel()
	r := reporter{name: "meum", title: "Meum", attributes: map[string]bool{"adopt_existing": true}}
	for taken, want := range map[bool]string{true: "its own reference", false: "Import it"} {
		if text := r.failure(opCreate, "the invoice with the reference x", &engine.ExistingInvoiceError{Taken: taken})[0].Detail(); !strings.Contains(text, want) {
			t.Errorf("taken %v: the error lacks %q:\n%s", taken, want, text)
		}
	}
}
