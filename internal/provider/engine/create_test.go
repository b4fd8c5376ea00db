package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
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

func anOrder(change ...func(*Order[string])) Order[string] {
	o := Order[string]{Spec: "spec", Reference: "order-1", Amount: money("25"), Currency: "USD"}
	for _, c := range change {
		c(&o)
	}
	return o
}

// resendable is an answer that leaves it open whether the create was processed.
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

func generated(o *Order[string]) { o.Generated = true }
func adopting(o *Order[string])  { o.Adopt = true }
func costing(amount string) func(*Order[string]) {
	return func(o *Order[string]) { o.Amount = money(amount) }
}
func paidIn(currency string) func(*Order[string]) {
	return func(o *Order[string]) { o.Currency = currency }
}

func repeating(d *Traits[string, fakeInvoice]) { d.RepeatsReferences, d.LooksUpFirst = true, true }

func TestCreateOnce(t *testing.T) {
	lost := refusedWith(gateway.ErrOutcomeUnknown)
	earlier := made(start.Add(-time.Hour))
	justBefore := made(start.Add(-3 * time.Minute))
	tests := map[string]struct {
		create    func() (fakeInvoice, error)
		finds     []any
		order     Order[string]
		repeating bool
		differs   string
		wantID    string
		wantErr   string // part of the text; "" for none
		wantCalls string
	}{
		"a clear answer": {
			create: created(anInvoice("1")), order: anOrder(),
			wantID: "1", wantCalls: "create",
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
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", made(start.Add(-2*time.Second)))}}, order: anOrder(),
			wantErr: "outcome unknown", wantCalls: "create find find find find find",
		},
		"lost, and one by a clock that is a minute late, looked up before": {
			create: lost, finds: []any{[]fakeInvoice{}, []fakeInvoice{anInvoice("1", made(start.Add(-time.Minute)))}}, order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create find",
		},
		"lost, and one of the day before yesterday that lagged": {
			create: lost, finds: []any{[]fakeInvoice{}, []fakeInvoice{anInvoice("1", made(start.AddDate(0, 0, -2)))}}, order: anOrder(), repeating: true,
			wantErr: "outcome unknown", wantCalls: "find create find find find find find",
		},
		"lost, and one of a rounded amount": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", about("10.01"))}}, order: anOrder(costing("10.006")),
			wantID: "1", wantCalls: "create find",
		},
		"answered with an invoice of another reference, and found": {
			create: created(anInvoice("9", called("order-9"))), finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
		},
		"answered with an invoice of another reference, and not found": {
			create: created(anInvoice("9", called("order-9"))), order: anOrder(generated),
			wantErr: `invoice 9, which is not the one that was asked for: it has the reference "order-9"`, wantCalls: "create find find find find find",
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
			create: created(anInvoice("1", made(start.AddDate(0, 0, -7)))), order: anOrder(), repeating: true,
			wantErr: "it says that it was made at 2026-02-22T12:00:00Z", wantCalls: "find create find find",
		},
		"answered with an invoice of two minutes ago that was not there before": {
			create: created(anInvoice("1", answered(start.Add(2*time.Minute)))), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a new invoice by a clock that is late": {
			create: created(anInvoice("1", made(start.Add(-time.Hour)), answered(start.Add(-time.Hour)))), order: anOrder(), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with a new invoice, rounded": {
			create: created(anInvoice("1", about("25.01"))), order: anOrder(costing("25.005")), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with an older invoice, rounded": {
			create: created(anInvoice("1", about("25.01"), made(start.AddDate(0, 0, -7)))), order: anOrder(costing("25.005")), repeating: true,
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
			create: created(anInvoice("1", about("25.01"), made(time.Time{}))), order: anOrder(costing("25.005")), repeating: true,
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
			create: created(anInvoice("1", inPhase(gateway.PhaseUnknown), made(start.AddDate(0, 0, -7)))), order: anOrder(adopting), repeating: true,
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

func TestCreateOnceWithoutLookup(t *testing.T) {
	g := &fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}
	_, err := anEngine(g).CreateOnce(context.Background(), anOrder())
	var lost *LostError
	if !errors.As(err, &lost) || lost.Reference != "order-1" {
		t.Fatalf("error %v, want one that names the reference", err)
	}
	if want := []string{"create"}; !slices.Equal(g.calls, want) {
		t.Errorf("calls %q, want %q", g.calls, want)
	}
}

// TestAnOlderInvoiceWithoutLookup: where nobody can look first, the gateway's
// answer to the same order is the invoice, if it is open and about the same.
func TestAnOlderInvoiceWithoutLookup(t *testing.T) {
	lastYear := made(start.AddDate(-1, 0, 0))
	for name, tt := range map[string]struct {
		answer  fakeInvoice
		older   bool
		wantErr string
	}{
		"new":              {anInvoice("1"), false, ""},
		"open":             {anInvoice("1", lastYear), true, ""},
		"paid":             {anInvoice("1", lastYear, inPhase(gateway.PhasePaid)), true, "it is paid"},
		"overdue":          {fakeInvoice{facts: anInvoice("1", lastYear).facts, deadline: start.Add(-time.Hour)}, true, "it is expired"},
		"about more":       {anInvoice("1", lastYear, about("26")), true, "it is for 26 USD"},
		"about a bit more": {anInvoice("1", lastYear, about("25.01")), true, "it is for 25.01 USD"},
	} {
		t.Run(name, func(t *testing.T) {
			e := anEngine(&fakeGateway{create: created(tt.answer)}, repeating)
			o := anOrder()
			c, err := e.CreateOnce(context.Background(), o)
			if (err != nil) != (tt.wantErr != "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
			if err == nil && c.TakenOver != tt.older {
				t.Errorf("it is older: %v", c.TakenOver)
			}
		})
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

func TestALostCreateIsNotTakenFromAnother(t *testing.T) {
	g := &findingGateway{
		fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)},
		finds:       []any{[]fakeInvoice{}, []fakeInvoice{anInvoice("1")}},
	}
	e := anEngine(g, repeating)
	if _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	if c, err := e.CreateOnce(context.Background(), anOrder()); err == nil {
		t.Errorf("two creates were given invoice %s", c.Invoice.facts.ID)
	}
}

func TestAnOlderInvoiceThatAnotherResourceHas(t *testing.T) {
	g := &fakeGateway{create: created(anInvoice("1"))}
	e := anEngine(g, repeating)
	if _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.CreateOnce(context.Background(), anOrder()); err == nil || !strings.Contains(err.Error(), "another resource") {
		t.Errorf("error %v, want one about the other resource", err)
	}
}

func TestAnInterruptedCreateIsLookedUpOnce(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	g := &findingGateway{finds: []any{[]fakeInvoice{anInvoice("1")}}}
	g.create = func() (fakeInvoice, error) {
		interrupt()
		return fakeInvoice{}, fail(gateway.ErrOutcomeUnknown)
	}
	c, err := anEngine(g).CreateOnce(ctx, anOrder())
	inv := c.Invoice
	if err != nil || inv.facts.ID != "1" {
		t.Errorf("got %q, %v; want the invoice", inv.facts.ID, err)
	}
	if got := strings.Join(g.calls, " "); got != "create find" {
		t.Errorf("calls %q", got)
	}
}

// TestAnInvoiceThatAnotherFound: whoever is answered with an invoice that another
// resource has found meanwhile does not own it as well.
func TestAnInvoiceThatAnotherFound(t *testing.T) {
	g := &findingGateway{fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}, finds: []any{[]fakeInvoice{anInvoice("1")}}}
	e := anEngine(g)
	if _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	g.create = created(anInvoice("1"))
	if _, err := e.CreateOnce(context.Background(), anOrder()); err == nil || !strings.Contains(err.Error(), "another resource") {
		t.Errorf("error %v", err)
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

// TestAReadingTellsMore: the answer to a create may lack what shows that the
// invoice is another one, or an older one.
func TestAReadingTellsMore(t *testing.T) {
	bare := anInvoice("1", made(time.Time{}), about("0"), called(""))
	lastYear := made(start.AddDate(-1, 0, 0))
	for name, tt := range map[string]struct {
		reads   []any
		wantErr string
		calls   string
	}{
		"a new one":            {[]any{anInvoice("1")}, "", "find create get"},
		"late":                 {[]any{fail(gateway.ErrNotFound), fail(gateway.ErrNotFound), anInvoice("1")}, "", "find create get get get"},
		"never shown":          {[]any{fail(gateway.ErrNotFound)}, "", "find create get get get get get"},
		"not read":             {[]any{fail(gateway.ErrUnavailable)}, "", "find create get"},
		"one of last year":     {[]any{anInvoice("1", lastYear)}, "it says that it was made at", "find create get find find"},
		"of another amount":    {[]any{anInvoice("1", about("99"), lastYear)}, "it is for 99 USD", "find create get find find"},
		"of another reference": {[]any{anInvoice("1", called("b"))}, `it has the reference "b"`, "find create get find find find find find"},
		"paid meanwhile":       {[]any{anInvoice("1", inPhase(gateway.PhasePaid))}, "", "find create get"},
		"canceled meanwhile":   {[]any{anInvoice("1", inPhase(gateway.PhaseCanceled))}, "", "find create get"},
		"paid, without a date": {[]any{anInvoice("1", inPhase(gateway.PhasePaid), made(time.Time{}))}, "", "find create get"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &findingGateway{fakeGateway: fakeGateway{create: created(bare), reads: tt.reads}}
			e := anEngine(g, repeating)
			c, err := e.CreateOnce(context.Background(), anOrder())
			if (err != nil) != (tt.wantErr != "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("%v, want %q", err, tt.wantErr)
			}
			if err == nil && c.WasRead == (c.ReadError != nil) {
				t.Errorf("read: %v, and why not: %v", c.WasRead, c.ReadError)
			}
			if claimed := e.claims.Has("fake", "1"); claimed != (err == nil) {
				t.Errorf("claimed: %v: whoever owns a refused invoice may still destroy it", claimed)
			}
			if got := strings.Join(g.calls, " "); got != tt.calls {
				t.Errorf("calls %q, want %q", got, tt.calls)
			}
		})
	}
}

// TestTheAnswerCountsWhereNoReadingDoes: an answer that says little is not judged
// before the invoice is read; if that fails, it is judged as it is.
func TestTheAnswerCountsWhereNoReadingDoes(t *testing.T) {
	converted := anInvoice("1", about("27.31"))
	readBack := func(d *Traits[string, fakeInvoice]) { d.ReadBack = true }
	g := &findingGateway{fakeGateway: fakeGateway{create: created(converted), reads: []any{anInvoice("1", about("27.31"), originally("25", "USD"), in("EUR"))}}}
	if c, err := anEngine(g, readBack).CreateOnce(context.Background(), anOrder()); err != nil || c.Last().facts.Currency != "EUR" {
		t.Errorf("a converted amount: %v", err)
	}
	g.reads = []any{fail(gateway.ErrUnavailable)}
	if _, err := anEngine(g, readBack).CreateOnce(context.Background(), anOrder()); err == nil || !strings.Contains(err.Error(), "27.31") {
		t.Errorf("not read: %v", err)
	}
}

// swapping answers each of two creates with the other's invoice.
type swapping struct {
	findingGateway
	both *sync.WaitGroup
}

func (g *swapping) Create(_ context.Context, reference string) (fakeInvoice, error) {
	g.both.Done()
	g.both.Wait()
	other := map[string]string{"a": "b", "b": "a"}[reference]
	return anInvoice(other, called("")), nil
}

func (g *swapping) Get(_ context.Context, id string) (fakeInvoice, error) {
	return anInvoice(id, called(id)), nil
}

func (g *swapping) FindByReference(_ context.Context, reference string, _ time.Time) ([]fakeInvoice, error) {
	return []fakeInvoice{anInvoice(reference, called(reference))}, nil
}

// TestSwappedAnswers: two creates whose answers are swapped each end with their own
// invoice.
func TestSwappedAnswers(t *testing.T) {
	g := &swapping{both: &sync.WaitGroup{}}
	g.both.Add(2)
	e := anEngine(g)
	e.pause = func(context.Context, time.Duration) error { time.Sleep(time.Millisecond); return nil }
	var all sync.WaitGroup
	for _, reference := range []string{"a", "b"} {
		all.Go(func() {
			c, err := e.CreateOnce(t.Context(), anOrder(func(o *Order[string]) { o.Spec, o.Reference = reference, reference }))
			if err != nil || c.Invoice.facts.ID != reference {
				t.Errorf("the create of %s ended with %q, %v", reference, c.Invoice.facts.ID, err)
			}
		})
	}
	all.Wait()
}

// TestWithoutTheGatewaysClock: an invoice that somebody else can have made is not
// taken.
func TestWithoutTheGatewaysClock(t *testing.T) {
	g := &findingGateway{noClock: true, fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}, finds: []any{[]fakeInvoice{anInvoice("1")}}}
	_, err := anEngine(g).CreateOnce(t.Context(), anOrder())
	var lost *LostError
	if !errors.As(err, &lost) || !strings.Contains(lost.Lookup, "may or may not be it: 1") {
		t.Errorf("%v, want one that names the invoice", err)
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
			g := &findingGateway{fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}, finds: []any{[]fakeInvoice{anInvoice("1", made(test.made))}}}
			_, err := anEngine(g).CreateOnce(t.Context(), anOrder())
			if (err == nil) != test.taken {
				t.Errorf("taken: %v, %v", err == nil, err)
			}
		})
	}
}
