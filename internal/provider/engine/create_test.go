package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func created(inv fakeInvoice) func() (fakeInvoice, error) {
	return func() (fakeInvoice, error) { return inv, nil }
}

func refusedWith(kind error) func() (fakeInvoice, error) {
	return func() (fakeInvoice, error) { return fakeInvoice{}, fail(kind) }
}

func anOrder(change ...func(*CreateRequest[string])) CreateRequest[string] {
	o := CreateRequest[string]{Spec: "spec", Reference: "order-1", Amount: money("25"), Currency: "USD"}
	for _, c := range change {
		c(&o)
	}
	return o
}

// resendable is a response that leaves it open whether the create was processed.
func resendable(status int) error {
	return &gateway.Error{Gateway: "Fake", Operation: "test", Kind: gateway.ErrOutcomeUnknown, Status: status, Resendable: true}
}

// onceThen fails once, and then answers with the invoice, or with an error.
func onceThen(first error, then fakeInvoice, failing ...error) func() (fakeInvoice, error) {
	sent := 0
	return func() (fakeInvoice, error) {
		if sent++; sent == 1 {
			return fakeInvoice{}, first
		}
		return then, errors.Join(failing...)
	}
}

func generated(o *CreateRequest[string]) { o.Generated = true }
func adopting(o *CreateRequest[string])  { o.Adopt = true }
func costing(amount string) func(*CreateRequest[string]) {
	return func(o *CreateRequest[string]) { o.Amount = money(amount) }
}
func paidIn(currency string) func(*CreateRequest[string]) {
	return func(o *CreateRequest[string]) { o.Currency = currency }
}

func repeating(d *Traits[string, fakeInvoice]) { d.RepeatsReferences, d.LooksUpFirst = true, true }

func TestCreateOnce(t *testing.T) {
	lost := refusedWith(gateway.ErrOutcomeUnknown)
	earlier := createdAt(start.Add(-time.Hour))
	justBefore := createdAt(start.Add(-3 * time.Minute))
	tests := map[string]struct {
		create    func() (fakeInvoice, error)
		finds     []any
		order     CreateRequest[string]
		repeating bool
		differs   string
		wantID    string
		wantErr   string // part of the text; "" for none
		wantCalls string
	}{
		"a clear response": {
			create: created(anInvoice("1")), order: anOrder(),
			wantID: "1", wantCalls: "create",
		},
		"a clear response in the gateway's choice of currency": {
			create: created(anInvoice("1", in("EUR"))), order: anOrder(paidIn("")),
			wantID: "1", wantCalls: "create",
		},
		"lost, and found in the gateway's choice of currency": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", in("EUR"))}}, order: anOrder(paidIn("")),
			wantID: "1", wantCalls: "create find",
		},
		"lost, and one of another amount in the gateway's choice of currency": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", in("EUR"), about("26"))}}, order: anOrder(paidIn("")),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"a clear refusal": {
			create: refusedWith(gateway.ErrInvalid), order: anOrder(),
			wantErr: "invalid request", wantCalls: "create",
		},
		"lost, and found": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"lost, and found late": {
			create: lost, finds: []any{[]fakeInvoice{}, []fakeInvoice{}, []fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find find find",
		},
		"lost, and found after the look-up failed once": {
			create: lost, finds: []any{fail(gateway.ErrUnavailable), []fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find find",
		},
		"lost, and the look-up is refused": {
			create: lost, finds: []any{fail(gateway.ErrForbidden)}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find",
		},
		"lost, and not found": {
			create: lost, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and two found": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1"), anInvoice("2")}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find",
		},
		"lost, and one of another amount": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", about("26"))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and one of another currency": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", in("EUR"))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and a canceled one with the reference": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", inPhase(gateway.PhaseCanceled))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and paid at once": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", inPhase(gateway.PhasePaid))}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"lost, and one that somebody may have made before": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", justBefore)}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and one of two seconds before, by the gateway's clock": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", createdAt(start.Add(-2*time.Second)))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and one by a clock that is a minute late, looked up before": {
			create: lost, finds: []any{[]fakeInvoice{}, []fakeInvoice{anInvoice("1", createdAt(start.Add(-time.Minute)))}}, order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create find",
		},
		"lost, and one of the day before yesterday that lagged": {
			create: lost, finds: []any{[]fakeInvoice{}, []fakeInvoice{anInvoice("1", createdAt(start.AddDate(0, 0, -2)))}}, order: anOrder(), repeating: true,
			wantErr: "outcome unknown", wantCalls: "find create find find find find find",
		},
		"lost, and one of a rounded amount": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", about("10.01"))}}, order: anOrder(costing("10.006")),
			wantID: "1", wantCalls: "create find",
		},
		"answered with an invoice of another reference, and found": {
			create: created(anInvoice("9", withReference("order-9"))), finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"answered with an invoice of another reference, and not found": {
			create: created(anInvoice("9", withReference("order-9"))), order: anOrder(generated),
			wantErr: `invoice 9, which is not the requested one: it has the reference "order-9"`, wantCalls: "create find find find find find",
		},
		"answered with an invoice of another amount, and found": {
			create: created(anInvoice("9", about("26"))), finds: []any{[]fakeInvoice{anInvoice("1"), anInvoice("9", about("26"))}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"answered with too many requests, and not found": {
			create: onceThen(resendable(429), anInvoice("1")), order: anOrder(),
			wantID: "1", wantCalls: "create find find find find find create",
		},
		"answered with too many requests, and made": {
			create: onceThen(resendable(429), anInvoice("2")), finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"answered with too many requests, and a look-up that fails": {
			create: onceThen(resendable(429), anInvoice("2")), finds: []any{fail(gateway.ErrForbidden)}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find",
		},
		"a token refused twice": {
			create: func() (fakeInvoice, error) { return fakeInvoice{}, resendable(401) }, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find create find find find find find",
		},
		"sent again, and refused": {
			create: onceThen(resendable(401), fakeInvoice{}, fail(gateway.ErrInvalid)), order: anOrder(),
			wantErr: "invalid request", wantCalls: "create find find find find find create",
		},
		"lost, and one by a slow clock with a generated reference": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", justBefore)}}, order: anOrder(generated),
			wantID: "1", wantCalls: "create find",
		},
		"adopt an open one": {
			finds: []any{[]fakeInvoice{anInvoice("1", earlier)}}, order: anOrder(adopting),
			wantID: "1", wantCalls: "find",
		},
		"adopt the oldest": {
			finds: []any{[]fakeInvoice{anInvoice("2"), anInvoice("1", earlier)}}, order: anOrder(adopting),
			wantID: "1", wantCalls: "find",
		},
		"adopt no closed one": {
			create: created(anInvoice("2")), finds: []any{[]fakeInvoice{anInvoice("1", inPhase(gateway.PhasePaid))}}, order: anOrder(adopting),
			wantID: "2", wantCalls: "find create",
		},
		"adopt none of another amount": {
			create: created(anInvoice("2")), finds: []any{[]fakeInvoice{anInvoice("1", about("25.01"))}}, order: anOrder(adopting),
			wantID: "2", wantCalls: "find create",
		},
		"adopt none of another currency": {
			create: created(anInvoice("2")), finds: []any{[]fakeInvoice{anInvoice("1", in("EUR"))}}, order: anOrder(adopting),
			wantID: "2", wantCalls: "find create",
		},
		"adopt one in the gateway's choice of currency": {
			finds: []any{[]fakeInvoice{anInvoice("1", in("EUR"))}}, order: anOrder(adopting, paidIn("")),
			wantID: "1", wantCalls: "find",
		},
		"create nothing when the look-up fails": {
			finds: []any{fail(gateway.ErrUnavailable)}, order: anOrder(adopting),
			wantErr: "gateway unavailable", wantCalls: "find",
		},
		"a generated reference is not looked for": {
			create: created(anInvoice("1")), order: anOrder(adopting, generated),
			wantID: "1", wantCalls: "create",
		},
		"answered with an invoice that was there": {
			create: created(anInvoice("1")), finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(), repeating: true,
			wantErr: "it existed before", wantCalls: "find create find find",
		},
		"answered with an invoice that was there, although a new one was made": {
			create: created(anInvoice("1")), finds: []any{[]fakeInvoice{anInvoice("1")}, []fakeInvoice{anInvoice("1"), anInvoice("2")}},
			order: anOrder(), repeating: true, wantID: "2", wantCalls: "find create find",
		},
		"answered with an invoice of last week": {
			create: created(anInvoice("1", createdAt(start.AddDate(0, 0, -7)))), order: anOrder(), repeating: true,
			wantErr: "it was created at 2026-02-22T12:00:00Z", wantCalls: "find create find find",
		},
		"answered with an invoice of two minutes ago that was not there before": {
			create: created(anInvoice("1", respondedAt(start.Add(2*time.Minute)))), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a new invoice by a clock that is late": {
			create: created(anInvoice("1", createdAt(start.Add(-time.Hour)), respondedAt(start.Add(-time.Hour)))), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a new invoice, rounded": {
			create: created(anInvoice("1", about("25.01"))), order: anOrder(costing("25.005")), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with an older invoice, rounded": {
			create: created(anInvoice("1", about("25.01"), createdAt(start.AddDate(0, 0, -7)))), order: anOrder(costing("25.005")), repeating: true,
			wantErr: "it is for 25.01 USD, not 25.005 USD", wantCalls: "find create find find",
		},
		"answered with a new invoice in another currency": {
			create: created(anInvoice("1", about("27.31"), in("USD"), originally("25", "EUR"))), order: anOrder(paidIn("EUR")), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with an invoice with something else": {
			create: created(anInvoice("1")), order: anOrder(), repeating: true, differs: "the chain tron",
			wantErr: "it has the chain tron", wantCalls: "find create find find find find find",
		},
		"lost, and only the older one found": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(), repeating: true,
			wantErr: "outcome unknown", wantCalls: "find create find find find find find",
		},
		"answered with a canceled invoice": {
			create: created(anInvoice("1", inPhase(gateway.PhaseCanceled))), order: anOrder(), repeating: true,
			wantErr: "it is canceled", wantCalls: "find create find find",
		},
		"answered with a new invoice that is over by our clock": {
			create: func() (fakeInvoice, error) {
				return fakeInvoice{facts: anInvoice("1").facts, deadline: start.Add(-time.Second)}, nil
			},
			order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a rounded invoice without a date": {
			create: created(anInvoice("1", about("25.01"), createdAt(time.Time{}))), order: anOrder(costing("25.005")), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"lost, and one of another amount in dollars only": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", about("0"), originally("500", "USD"))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and one of the same amount in dollars only": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", about("0"), originally("25", "USD"))}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"answered with an invoice of another amount": {
			create: created(anInvoice("1", about("7"))), order: anOrder(), repeating: true,
			wantErr: "it is for 7 USD, not 25 USD", wantCalls: "find create find find find find find",
		},
		"answered with a new invoice": {
			create: created(anInvoice("1")), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a new invoice in a status that nobody documents": {
			create: created(anInvoice("1", inPhase(gateway.PhaseUnknown))), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with an invoice of last week in such a status": {
			create: created(anInvoice("1", inPhase(gateway.PhaseUnknown), createdAt(start.AddDate(0, 0, -7)))), order: anOrder(adopting), repeating: true,
			finds: []any{[]fakeInvoice{}}, wantErr: "it is unknown", wantCalls: "find create find find",
		},
		"answered to a generated reference": {
			create: created(anInvoice("1")), order: anOrder(generated), repeating: true,
			wantID: "1", wantCalls: "create",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := &findingGateway{fakeGateway: fakeGateway{create: tt.create}, finds: tt.finds}
			e := anEngine(g)
			e.traits.RepeatsReferences, e.traits.LooksUpFirst = tt.repeating, tt.repeating
			if tt.differs != "" {
				e.traits.Differs = func(string, fakeInvoice) string { return tt.differs }
			}
			c, err := e.CreateOnce(context.Background(), tt.order)
			inv := c.Invoice
			switch {
			case tt.wantErr == "" && err != nil:
				t.Errorf("error %v", err)
			case tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)):
				t.Errorf("error %v, want one with %q", err, tt.wantErr)
			case tt.wantErr == "" && inv.facts.ID != tt.wantID:
				t.Errorf("invoice %q, want %q", inv.facts.ID, tt.wantID)
			}
			if got := strings.Join(g.calls, " "); got != tt.wantCalls {
				t.Errorf("calls %q, want %q", got, tt.wantCalls)
			}
		})
	}
}

// TestAdoptionReadsWhatAListLeavesOut: an invoice is adopted only when it says to
// be about the same amount and to be open.
func TestAdoptionReadsWhatAListLeavesOut(t *testing.T) {
	partial := func(f *gateway.Facts) { f.Partial = true }
	for name, tt := range map[string]struct {
		row    fakeInvoice
		read   any
		wantID string
		calls  string
	}{
		"no amount, and the same":           {anInvoice("1", about("0")), anInvoice("1"), "1", "find get"},
		"no amount, and another":            {anInvoice("1", about("0")), anInvoice("1", about("99")), "2", "find get create"},
		"no amount at all":                  {anInvoice("1", about("0")), anInvoice("1", about("0")), "2", "find get create"},
		"no amount but in another currency": {anInvoice("1", about("0"), originally("25", "USD")), nil, "1", "find"},
		"another in that currency":          {anInvoice("1", about("0"), originally("99", "USD")), nil, "2", "find create"},
		"no deadline, and open":             {anInvoice("1", partial), anInvoice("1"), "1", "find get"},
		"no deadline, and expired":          {anInvoice("1", partial), anInvoice("1", inPhase(gateway.PhaseExpired)), "2", "find get create"},
		"gone":                              {anInvoice("1", partial), fail(gateway.ErrNotFound), "2", "find get create"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &findingGateway{fakeGateway: fakeGateway{create: created(anInvoice("2")), reads: []any{tt.read}}, finds: []any{[]fakeInvoice{tt.row}}}
			c, err := anEngine(g).CreateOnce(context.Background(), anOrder(adopting))
			inv := c.Invoice
			if err != nil || inv.facts.ID != tt.wantID || strings.Join(g.calls, " ") != tt.calls {
				t.Errorf("%q after %q, %v", inv.facts.ID, g.calls, err)
			}
		})
	}
	g := &findingGateway{fakeGateway: fakeGateway{reads: []any{fail(gateway.ErrUnavailable)}}, finds: []any{[]fakeInvoice{anInvoice("1", partial)}}}
	if _, err := anEngine(g).CreateOnce(context.Background(), anOrder(adopting)); err == nil || strings.Join(g.calls, " ") != "find get" {
		t.Errorf("%v after %q: nothing is made while it is not known what there is", err, g.calls)
	}
}

func TestAnInvoiceIsClaimedOnce(t *testing.T) {
	g := &findingGateway{
		fakeGateway: fakeGateway{create: created(anInvoice("2"))},
		finds:       []any{[]fakeInvoice{anInvoice("1")}},
	}
	e := anEngine(g)
	for _, want := range []string{"1", "2"} {
		c, err := e.CreateOnce(context.Background(), anOrder(adopting))
		inv := c.Invoice
		if err != nil || inv.facts.ID != want {
			t.Errorf("got %q, %v; want %q", inv.facts.ID, err, want)
		}
	}
}

func TestReferencesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		r := NewReference()
		if seen[r] || !strings.HasPrefix(r, "tf-") || r != strings.ToLower(r) {
			t.Fatalf("reference %q", r)
		}
		seen[r] = true
	}
}

// TestTheGatewaysClock has whole seconds at the least: an invoice of a second before
// the create is somebody else's.
func TestTheGatewaysClock(t *testing.T) {
	for name, test := range map[string]struct {
		made  time.Time
		taken bool
	}{
		"just now":             {start.Add(time.Millisecond), true},
		"a millisecond ago":    {start.Add(-time.Millisecond), false},
		"a second ago":         {start.Add(-time.Second), false},
		"one and a half":       {start.Add(-1500 * time.Millisecond), false},
		"by a clock in future": {start.Add(900 * time.Millisecond), true},
	} {
		t.Run(name, func(t *testing.T) {
			g := &findingGateway{fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}, finds: []any{[]fakeInvoice{anInvoice("1", createdAt(test.made))}}}
			_, err := anEngine(g).CreateOnce(t.Context(), anOrder())
			if (err == nil) != test.taken {
				t.Errorf("taken: %v, %v", err == nil, err)
			}
		})
	}
}
