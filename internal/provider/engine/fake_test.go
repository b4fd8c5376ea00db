package engine

import (
	"context"
	"errors"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// start is when everything in these tests happens.
var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// fakeInvoice is its own facts; a deadline makes an open one expire.
type fakeInvoice struct {
	facts    gateway.Facts
	deadline time.Time
}

func (i fakeInvoice) Facts(now time.Time) gateway.Facts {
	f := i.facts
	if f.Phase == gateway.PhaseOpen && !i.deadline.IsZero() && now.After(i.deadline) {
		f.Phase = gateway.PhaseExpired
	}
	return f
}

// anInvoice is open, for 25 USD, with the reference "order-1", made at start.
func anInvoice(id string, change ...func(*gateway.Facts)) fakeInvoice {
	f := gateway.Facts{
		ID: id, Reference: "order-1", Status: "created", Phase: gateway.PhaseOpen,
		Amount: money("25.00"), Currency: "USD", CreatedAt: start,
	}
	for _, c := range change {
		c(&f)
	}
	return fakeInvoice{facts: f}
}

func inPhase(p gateway.Phase) func(*gateway.Facts) { return func(f *gateway.Facts) { f.Phase = p } }
func about(amount string) func(*gateway.Facts) {
	return func(f *gateway.Facts) { f.Amount = money(amount) }
}
func withReference(reference string) func(*gateway.Facts) {
	return func(f *gateway.Facts) { f.Reference = reference }
}
func in(currency string) func(*gateway.Facts) {
	return func(f *gateway.Facts) { f.Currency = currency }
}
func originally(amount, currency string) func(*gateway.Facts) {
	return func(f *gateway.Facts) { f.OriginalAmount, f.OriginalCurrency = money(amount), currency }
}
func respondedAt(at time.Time) func(*gateway.Facts) {
	return func(f *gateway.Facts) { f.RespondedAt = at }
}
func createdAt(at time.Time) func(*gateway.Facts) { return func(f *gateway.Facts) { f.CreatedAt = at } }

func money(text string) gateway.Money {
	m, err := gateway.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return m
}

func fail(kind error) error {
	return &gateway.Error{Gateway: "Fake", Operation: "test", Kind: kind}
}

// fakeGateway returns what the test sets, and records the calls.
type fakeGateway struct {
	create func() (fakeInvoice, error)
	cancel error
	// canceled is what the response to a cancel shows; nil when it shows nothing.
	canceled *fakeInvoice
	// account is the response to a check of the account.
	account error
	// reads are the responses to Get, one after the other; the last one stays.
	reads []any
	calls []string
}

func (g *fakeGateway) Create(context.Context, string) (fakeInvoice, error) {
	g.calls = append(g.calls, "create")
	return g.create()
}

func (g *fakeGateway) Get(context.Context, string) (fakeInvoice, error) {
	g.calls = append(g.calls, "get")
	if len(g.reads) == 0 {
		return fakeInvoice{}, errors.New("the test has no response for this read")
	}
	answer := g.reads[0]
	if len(g.reads) > 1 {
		g.reads = g.reads[1:]
	}
	if err, failed := answer.(error); failed {
		return fakeInvoice{}, err
	}
	return answer.(fakeInvoice), nil
}

func (g *fakeGateway) Cancel(context.Context, fakeInvoice) (answer fakeInvoice, shown bool, err error) {
	g.calls = append(g.calls, "cancel")
	if g.canceled != nil {
		return *g.canceled, true, g.cancel
	}
	return fakeInvoice{}, false, g.cancel
}

func (g *fakeGateway) CheckAccount(context.Context) error {
	g.calls = append(g.calls, "check")
	return g.account
}

// findingGateway finds by reference as well.
type findingGateway struct {
	fakeGateway
	// finds are the responses to FindByReference, one after the other; the last
	// one stays.
	finds []any
	// noClock says that no response has the gateway's time.
	noClock bool
}

// ClockOffset is that of a clock that is ours, by one response.
func (g *findingGateway) ClockOffset() (low, high time.Duration, known bool) {
	return 0, time.Second, !g.noClock
}

func (g *findingGateway) FindByReference(context.Context, string, time.Time) ([]fakeInvoice, error) {
	g.calls = append(g.calls, "find")
	if len(g.finds) == 0 {
		return nil, nil
	}
	answer := g.finds[0]
	if len(g.finds) > 1 {
		g.finds = g.finds[1:]
	}
	if err, failed := answer.(error); failed {
		return nil, err
	}
	return answer.([]fakeInvoice), nil
}

// anEngine never really waits.
func anEngine(g gateway.Gateway[string, fakeInvoice], change ...func(*Traits[string, fakeInvoice])) *Engine[string, fakeInvoice] {
	traits := Traits[string, fakeInvoice]{
		Name:    "fake",
		OpenFor: func(string) time.Duration { return 24 * time.Hour },
	}
	for _, c := range change {
		c(&traits)
	}
	e := New(traits, g, Place{Endpoint: "api.fake.example", Account: []string{"key"}}, nil, &Claims{})
	e.now = func() time.Time { return start }
	e.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return e
}
