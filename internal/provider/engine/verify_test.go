package engine

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// TestAReadingTellsMore: the response to a create may lack what shows that the
// invoice is another one, or an older one.
func TestAReadingTellsMore(t *testing.T) {
	bare := anInvoice("1", createdAt(time.Time{}), about("0"), withReference(""))
	lastYear := createdAt(start.AddDate(-1, 0, 0))
	for name, tt := range map[string]struct {
		reads   []any
		wantErr string
		calls   string
	}{
		"a new one":            {[]any{anInvoice("1")}, "", "find create get"},
		"late":                 {[]any{fail(gateway.ErrNotFound), fail(gateway.ErrNotFound), anInvoice("1")}, "", "find create get get get"},
		"never shown":          {[]any{fail(gateway.ErrNotFound)}, "", "find create get get get get get"},
		"not read":             {[]any{fail(gateway.ErrUnavailable)}, "", "find create get"},
		"one of last year":     {[]any{anInvoice("1", lastYear)}, "it was created at", "find create get find find"},
		"of another amount":    {[]any{anInvoice("1", about("99"), lastYear)}, "it is for 99 USD", "find create get find find"},
		"of another reference": {[]any{anInvoice("1", withReference("b"))}, `it has the reference "b"`, "find create get find find find find find"},
		"paid meanwhile":       {[]any{anInvoice("1", inPhase(gateway.PhasePaid))}, "", "find create get"},
		"canceled meanwhile":   {[]any{anInvoice("1", inPhase(gateway.PhaseCanceled))}, "", "find create get"},
		"paid, without a date": {[]any{anInvoice("1", inPhase(gateway.PhasePaid), createdAt(time.Time{}))}, "", "find create get"},
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

// TestResponseCountsWithoutARead: a response that says little is not judged
// before the invoice is read; if that fails, it is judged as it is.
func TestResponseCountsWithoutARead(t *testing.T) {
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

// TestAnOlderInvoiceWithoutLookup: where nobody can look first, the gateway's
// answer to the same order is the invoice, if it is open and about the same.
func TestAnOlderInvoiceWithoutLookup(t *testing.T) {
	lastYear := createdAt(start.AddDate(-1, 0, 0))
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
