package readahead

import (
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// start is when the invoices of these tests were made.
var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// fakeInvoice is its own facts.
type fakeInvoice struct{ facts gateway.Facts }

func (i fakeInvoice) Facts(time.Time) gateway.Facts { return i.facts }

// anInvoice is open, and made at start.
func anInvoice(id string, change ...func(*gateway.Facts)) fakeInvoice {
	f := gateway.Facts{ID: id, Status: "created", Phase: gateway.PhaseOpen, CreatedAt: start}
	for _, c := range change {
		c(&f)
	}
	return fakeInvoice{f}
}

func fail(kind error) error {
	return &gateway.Error{Gateway: "Fake", Operation: "test", Kind: kind}
}
