package engine

import (
	"context"
	"errors"
	"slices"
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

func anOrder(change ...func(*Order[string])) Order[string] {
	o := Order[string]{Spec: "spec", Reference: "order-1", Amount: money("25"), Currency: "USD"}
	for _, c := range change {
		c(&o)
	}
	return o
}

func generated(o *Order[string]) { o.Generated = true }
func adopting(o *Order[string])  { o.Adopt = true }
func costing(amount string) func(*Order[string]) {
	return func(o *Order[string]) { o.Amount = money(amount) }
}
func paidIn(currency string) func(*Order[string]) {
	return func(o *Order[string]) { o.Currency = currency }
}

func repeating(d *Traits[string, fakeInvoice]) { d.RepeatsReferences = true }

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
		"lost, and one by a clock that is a minute late": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1", made(start.Add(-time.Minute)))}}, order: anOrder(),
			wantID: "1", wantCalls: "create find",
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
			wantErr: "it existed before", wantCalls: "find create",
		},
		"answered with an invoice of last week": {
			create: created(anInvoice("1", made(start.AddDate(0, 0, -7)))), order: anOrder(), repeating: true,
			wantErr: "it says that it was made at 2026-02-22T12:00:00Z", wantCalls: "find create",
		},
		"answered with an invoice of two minutes ago, by the gateway's clock": {
			create: created(anInvoice("1", answered(start.Add(2*time.Minute)))), order: anOrder(), repeating: true,
			wantErr: "it says that it was made at 2026-03-01T12:00:00Z", wantCalls: "find create",
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
			create: created(anInvoice("1", about("25.01"), justBefore)), order: anOrder(costing("25.005")), repeating: true,
			wantErr: "it is about 25.01 USD, not 25.005 USD", wantCalls: "find create",
		},
		"answered with a new invoice in another currency": {
			create: created(anInvoice("1", about("27.31"), in("USD"), originally("25", "EUR"))), order: anOrder(paidIn("EUR")), repeating: true,
			wantID: "1", wantCalls: "find create",
		},
		"answered with an invoice with something else": {
			create: created(anInvoice("1")), order: anOrder(), repeating: true, differs: "the chain tron",
			wantErr: "it has the chain tron", wantCalls: "find create",
		},
		"lost, and only the older one found": {
			create: lost, finds: []any{[]fakeInvoice{anInvoice("1")}}, order: anOrder(), repeating: true,
			wantErr: "outcome unknown", wantCalls: "find create find find find find find",
		},
		"answered with a canceled invoice": {
			create: created(anInvoice("1", inPhase(gateway.PhaseCanceled))), order: anOrder(), repeating: true,
			wantErr: "it is canceled", wantCalls: "find create",
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
			wantErr: "it is about 7 USD, not 25 USD", wantCalls: "find create",
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
			finds: []any{[]fakeInvoice{}}, wantErr: "it is unknown", wantCalls: "find create",
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
			e.traits.RepeatsReferences = tt.repeating
			if tt.differs != "" {
				e.traits.Differs = func(string, fakeInvoice) string { return tt.differs }
			}
			inv, _, err := e.CreateOnce(context.Background(), tt.order)
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

// TestAReadingTellsMore: the answer to a create may lack what shows that the
// invoice is an older one.
func TestAReadingTellsMore(t *testing.T) {
	bare := anInvoice("1", made(time.Time{}), about("0"))
	for name, tt := range map[string]struct {
		read    fakeInvoice
		wantErr string
	}{
		"a new one":            {anInvoice("1"), ""},
		"one of last year":     {anInvoice("1", made(start.AddDate(-1, 0, 0))), "it says that it was made at"},
		"of another amount":    {anInvoice("1", about("99"), made(start.AddDate(-1, 0, 0))), "it is about 99 USD"},
		"one that has expired": {anInvoice("1", inPhase(gateway.PhaseExpired), made(start.AddDate(-1, 0, 0))), "it is expired"},
		"paid meanwhile":       {anInvoice("1", inPhase(gateway.PhasePaid)), ""},
		"canceled meanwhile":   {anInvoice("1", inPhase(gateway.PhaseCanceled)), ""},
		"paid, without a date": {anInvoice("1", inPhase(gateway.PhasePaid), made(time.Time{})), ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := &findingGateway{fakeGateway: fakeGateway{create: created(bare)}}
			e := anEngine(g, repeating)
			_, check, err := e.CreateOnce(context.Background(), anOrder())
			if err != nil || check == nil {
				t.Fatal(err)
			}
			err = check(tt.read, nil)
			if (err != nil) != (tt.wantErr != "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("%v, want %q", err, tt.wantErr)
			}
		})
	}
}

// TestARefusedInvoiceIsNotClaimed: whoever owns it may still destroy it.
func TestARefusedInvoiceIsNotClaimed(t *testing.T) {
	lastYear := anInvoice("1", made(start.AddDate(-1, 0, 0)))
	g := &findingGateway{fakeGateway: fakeGateway{create: created(lastYear)}}
	e := anEngine(g, repeating)
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err == nil || e.claims.Has(e.traits.Name, "1") {
		t.Errorf("refused by its answer: %v, claimed: %v", err, e.claims.Has(e.traits.Name, "1"))
	}

	g.create = created(anInvoice("1", made(time.Time{})))
	_, check, err := e.CreateOnce(context.Background(), anOrder())
	if err != nil || !e.claims.Has(e.traits.Name, "1") {
		t.Fatalf("%v, or not claimed", err)
	}
	if err := check(lastYear, nil); err == nil || e.claims.Has(e.traits.Name, "1") {
		t.Errorf("refused by its reading: %v, claimed: %v", err, e.claims.Has(e.traits.Name, "1"))
	}
}

// TestAReadingIsAwaited: an answer that says little is not judged before the
// invoice is read; if that fails, it is judged as it is.
func TestAReadingIsAwaited(t *testing.T) {
	bare := anInvoice("1", made(time.Time{}), about("27.31"))
	g := &findingGateway{fakeGateway: fakeGateway{create: created(bare)}}
	e := anEngine(g, repeating, func(d *Traits[string, fakeInvoice]) { d.ReadBack = true })
	_, check, err := e.CreateOnce(context.Background(), anOrder())
	if err != nil {
		t.Fatal(err)
	}
	if err := check(anInvoice("1", about("27.31"), originally("25", "USD"), in("EUR")), nil); err != nil {
		t.Errorf("a converted amount: %v", err)
	}
	if err := check(fakeInvoice{}, fail(gateway.ErrUnavailable)); err == nil || !strings.Contains(err.Error(), "27.31") {
		t.Errorf("not read: %v", err)
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
			inv, _, err := anEngine(g).CreateOnce(context.Background(), anOrder(adopting))
			if err != nil || inv.facts.ID != tt.wantID || strings.Join(g.calls, " ") != tt.calls {
				t.Errorf("%q after %q, %v", inv.facts.ID, g.calls, err)
			}
		})
	}
	g := &findingGateway{fakeGateway: fakeGateway{reads: []any{fail(gateway.ErrUnavailable)}}, finds: []any{[]fakeInvoice{anInvoice("1", partial)}}}
	if _, _, err := anEngine(g).CreateOnce(context.Background(), anOrder(adopting)); err == nil || strings.Join(g.calls, " ") != "find get" {
		t.Errorf("%v after %q: nothing is made while it is not known what there is", err, g.calls)
	}
}

func TestCreateOnceWithoutLookup(t *testing.T) {
	g := &fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}
	_, _, err := anEngine(g).CreateOnce(context.Background(), anOrder())
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
		"about more":       {anInvoice("1", lastYear, about("26")), true, "it is about 26 USD"},
		"about a bit more": {anInvoice("1", lastYear, about("25.01")), true, "it is about 25.01 USD"},
	} {
		t.Run(name, func(t *testing.T) {
			e := anEngine(&fakeGateway{create: created(tt.answer)}, repeating)
			o := anOrder()
			inv, _, err := e.CreateOnce(context.Background(), o)
			if (err != nil) != (tt.wantErr != "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
			if older := e.TookOlder(inv, o, start); older != tt.older {
				t.Errorf("it is older: %v", older)
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
		inv, _, err := e.CreateOnce(context.Background(), anOrder(adopting))
		if err != nil || inv.facts.ID != want {
			t.Errorf("got %q, %v; want %q", inv.facts.ID, err, want)
		}
	}
}

func TestALostCreateIsNotTakenFromAnother(t *testing.T) {
	g := &findingGateway{
		fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)},
		finds:       []any{[]fakeInvoice{anInvoice("1")}},
	}
	e := anEngine(g)
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	if inv, _, err := e.CreateOnce(context.Background(), anOrder()); err == nil {
		t.Errorf("two creates were given invoice %s", inv.facts.ID)
	}
}

func TestAnOlderInvoiceThatAnotherResourceHas(t *testing.T) {
	g := &fakeGateway{create: created(anInvoice("1"))}
	e := anEngine(g, repeating)
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err == nil || !strings.Contains(err.Error(), "another resource") {
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
	inv, _, err := anEngine(g).CreateOnce(ctx, anOrder())
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
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err != nil {
		t.Fatal(err)
	}
	g.create = created(anInvoice("1"))
	if _, _, err := e.CreateOnce(context.Background(), anOrder()); err == nil || !strings.Contains(err.Error(), "another resource") {
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
