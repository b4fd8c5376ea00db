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

func TestCreateOnceWithoutLookup(t *testing.T) {
	g := &fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}
	_, err := anEngine(g).CreateOnce(context.Background(), anOrder())
	var lost *OutcomeUnknownError
	if !errors.As(err, &lost) || lost.Reference != "order-1" {
		t.Fatalf("error %v, want one that names the reference", err)
	}
	if want := []string{"create"}; !slices.Equal(g.calls, want) {
		t.Errorf("calls %q, want %q", g.calls, want)
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

// TestWithoutTheGatewaysClock: an invoice that somebody else can have made is not
// taken.
func TestWithoutTheGatewaysClock(t *testing.T) {
	g := &findingGateway{noClock: true, fakeGateway: fakeGateway{create: refusedWith(gateway.ErrOutcomeUnknown)}, finds: []any{[]fakeInvoice{anInvoice("1")}}}
	_, err := anEngine(g).CreateOnce(t.Context(), anOrder())
	var lost *OutcomeUnknownError
	if !errors.As(err, &lost) || !strings.Contains(lost.Lookup, "may or may not be the new one: 1") {
		t.Errorf("%v, want one that names the invoice", err)
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
	return anInvoice(other, withReference("")), nil
}

func (g *swapping) Get(_ context.Context, id string) (fakeInvoice, error) {
	return anInvoice(id, withReference(id)), nil
}

func (g *swapping) FindByReference(_ context.Context, reference string, _ time.Time) ([]fakeInvoice, error) {
	return []fakeInvoice{anInvoice(reference, withReference(reference))}, nil
}

// TestSwappedResponses: two creates whose responses are swapped each end with their own
// invoice.
func TestSwappedResponses(t *testing.T) {
	g := &swapping{both: &sync.WaitGroup{}}
	g.both.Add(2)
	e := anEngine(g)
	e.sleep = func(context.Context, time.Duration) error { time.Sleep(time.Millisecond); return nil }
	var all sync.WaitGroup
	for _, reference := range []string{"a", "b"} {
		all.Go(func() {
			c, err := e.CreateOnce(t.Context(), anOrder(func(o *CreateRequest[string]) { o.Spec, o.Reference = reference, reference }))
			if err != nil || c.Invoice.facts.ID != reference {
				t.Errorf("the create of %s ended with %q, %v", reference, c.Invoice.facts.ID, err)
			}
		})
	}
	all.Wait()
}
