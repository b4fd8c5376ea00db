package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var here = Place{Endpoint: "api.fake.example", Account: []string{"key"}}

// aKnown is invoice 1, made here an hour before start.
func aKnown(change ...func(*Provenance)) StoredInvoice {
	made := start.Add(-time.Hour)
	r := newProvenance(here, Identity{Reference: "order-1", CreatedAt: made, Token: "token"}, made)
	for _, c := range change {
		c(&r)
	}
	return StoredInvoice{ID: "1", Recorded: &r}
}

func TestProvenanceTellsPlacesApart(t *testing.T) {
	recorded := newProvenance(here, Identity{}, start)
	for name, tt := range map[string]struct {
		place Place
		want  placeChange
	}{
		"the same":              {here, unchanged},
		"with white space":      {Place{Endpoint: here.Endpoint, Account: []string{" key "}}, unchanged},
		"the sandbox":           {Place{Sandbox: true, Account: here.Account}, sandboxChanged},
		"the sandbox, renewed":  {Place{Sandbox: true, Renewed: true}, sandboxChanged},
		"another endpoint":      {Place{Endpoint: "other.example", Account: here.Account}, moved},
		"another account":       {Place{Endpoint: here.Endpoint, Account: []string{"other"}}, accountChanged},
		"another, elsewhere":    {Place{Endpoint: "other.example", Account: []string{"other"}}, accountChanged},
		"renewed credentials":   {Place{Endpoint: here.Endpoint, Account: []string{"other"}, Renewed: true}, moved},
		"the same, two of them": {Place{Endpoint: here.Endpoint, Account: []string{"k", "ey"}}, accountChanged},
	} {
		t.Run(name, func(t *testing.T) {
			if got := recorded.changeTo(tt.place); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
	sandboxed := newProvenance(Place{Sandbox: true, Account: []string{"made up"}}, Identity{}, start)
	if sandboxed.changeTo(Place{Sandbox: true, Account: []string{"made up anew"}}) != unchanged || sandboxed.changeTo(here) != sandboxChanged {
		t.Error("one sandbox is like another, and not like the real gateway")
	}
}

func TestProvenanceTellsNoSecret(t *testing.T) {
	a, b := newProvenance(here, Identity{}, start), newProvenance(here, Identity{}, start)
	if a.Account == b.Account {
		t.Error("the same account has the same fingerprint in two records")
	}
	raw, err := json.Marshal(a)
	if err != nil || strings.Contains(string(raw), `"key"`) {
		t.Errorf("%s, %v", raw, err)
	}
	var back Provenance
	if err := json.Unmarshal(raw, &back); err != nil || back.changeTo(here) != unchanged || !back.equal(a.Identity) {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestIdentity(t *testing.T) {
	known := Identity{Reference: "a", CreatedAt: start, Token: "1"}
	for name, tt := range map[string]struct {
		other Identity
		same  bool
	}{
		"the same":               {known, true},
		"what says nothing":      {Identity{}, true},
		"a fraction of a second": {Identity{CreatedAt: start.Add(700 * time.Millisecond)}, true},
		"another token":          {Identity{Reference: "a", CreatedAt: start, Token: "2"}, false},
		"another reference":      {Identity{Reference: "b"}, false},
		"another time":           {Identity{CreatedAt: start.Add(5 * time.Second)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := known.Differs(tt.other); (got == "") != tt.same {
				t.Errorf("it differs by %q", got)
			}
		})
	}
}

// withoutChecker is a gateway that offers nothing to check an account by.
type withoutChecker struct {
	gateway.Gateway[string, fakeInvoice]
}

func TestNotFoundNeedsProof(t *testing.T) {
	notFound := fail(gateway.ErrNotFound)
	young := func(r *Provenance) { r.LocalCreatedAt, r.CreatedAt = start.Add(-time.Minute), start.Add(-time.Minute) }
	contradictory := func(r *Provenance) { r.LocalCreatedAt = start.Add(-time.Minute) }
	elsewhere := func(r *Provenance) { r.Endpoint = "old.example" }
	for name, tt := range map[string]struct {
		known   StoredInvoice
		reads   []any
		account error
		place   func(*Place)
		bare    bool
		want    string // of the error; "gone", or "" for none
		calls   string
	}{
		"proved":                  {known: aKnown(), reads: []any{notFound}, want: "gone", calls: "get check"},
		"young, and shown late":   {known: aKnown(young), reads: []any{notFound, notFound, anInvoice("1", createdAt(start.Add(-time.Minute)))}, calls: "get get get"},
		"by our clock, and late":  {known: aKnown(contradictory), reads: []any{notFound, anInvoice("1", createdAt(start.Add(-time.Hour)))}, calls: "get get"},
		"by our clock, and gone":  {known: aKnown(contradictory), reads: []any{notFound}, want: "gone", calls: "get get get get get check"},
		"young, and never shown":  {known: aKnown(young), reads: []any{notFound}, want: "less than two minutes", calls: "get get get get get"},
		"young, and then refused": {known: aKnown(young), reads: []any{notFound, fail(gateway.ErrForbidden)}, want: "forbidden", calls: "get get"},
		"an account that is not":  {known: aKnown(), reads: []any{notFound}, account: fail(gateway.ErrUnexpected), want: "could not be confirmed", calls: "get check"},
		"nothing to ask":          {known: aKnown(), reads: []any{notFound}, bare: true, want: "no other request", calls: "get"},
		"not recorded":            {known: StoredInvoice{ID: "1"}, reads: []any{notFound}, want: "does not record where", calls: "get"},
		"no time of creation":     {known: aKnown(func(r *Provenance) { r.LocalCreatedAt, r.CreatedAt = time.Time{}, time.Time{} }), reads: []any{notFound}, want: "time of its creation", calls: "get"},
		"another endpoint":        {known: aKnown(elsewhere), reads: []any{notFound}, want: "old.example", calls: "get"},
		"the sandbox":             {known: aKnown(func(r *Provenance) { r.Sandbox = true }), reads: []any{notFound}, place: func(p *Place) { p.Sandbox = true }, want: "gone", calls: "get"},
		"from the sandbox":        {known: aKnown(func(r *Provenance) { r.Sandbox = true }), want: "the sandbox", calls: ""},
		"into the sandbox":        {known: aKnown(), place: func(p *Place) { p.Sandbox = true }, want: "the sandbox", calls: ""},
		"another account":         {known: aKnown(), place: func(p *Place) { p.Account = []string{"b"} }, want: "credentials of another account", calls: ""},
		"renewed credentials":     {known: aKnown(), place: func(p *Place) { p.Account, p.Renewed = []string{"b"}, true }, reads: []any{notFound}, want: "does not prove", calls: "get"},
		"renewed, and shown":      {known: aKnown(), place: func(p *Place) { p.Account, p.Renewed = []string{"b"}, true }, reads: []any{anInvoice("1", createdAt(start.Add(-time.Hour)))}, calls: "get"},
		"another invoice":         {known: aKnown(elsewhere), reads: []any{anInvoice("1")}, want: "another invoice", calls: "get"},
		"another, by the state":   {known: StoredInvoice{ID: "1", Attributes: Identity{Reference: "b"}}, reads: []any{anInvoice("1")}, want: "another invoice", calls: "get"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &fakeGateway{reads: tt.reads, account: tt.account}
			e := anEngine(g)
			if tt.bare {
				e = anEngine(withoutChecker{g})
			}
			if tt.place != nil {
				tt.place(&e.place)
			}
			inv, err := e.Read(context.Background(), tt.known)
			switch {
			case tt.want == "" && (err != nil || inv.facts.ID != "1"):
				t.Errorf("%q, %v", inv.facts.ID, err)
			case tt.want == "gone" && !errors.Is(err, ErrGone):
				t.Errorf("%v, want that it is gone", err)
			case tt.want != "" && tt.want != "gone" && (err == nil || errors.Is(err, ErrGone) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %q", err, tt.want)
			}
			if got := strings.Join(g.calls, " "); got != tt.calls {
				t.Errorf("calls %q, want %q", got, tt.calls)
			}
		})
	}
}

// TestTheAccountIsCheckedOnce: reads at the same time share the response, a failure
// is not remembered, and a later read asks again.
func TestTheAccountIsCheckedOnce(t *testing.T) {
	g := &fakeGateway{reads: []any{fail(gateway.ErrNotFound)}, account: fail(gateway.ErrUnavailable)}
	e := anEngine(g)
	now := start
	e.now = func() time.Time { return now }
	read := func() error { _, err := e.Read(t.Context(), aKnown()); return err }
	if err := read(); errors.Is(err, ErrGone) {
		t.Error(err)
	}
	g.account = nil
	for range 2 {
		if err := read(); !errors.Is(err, ErrGone) {
			t.Error(err)
		}
	}
	now = now.Add(time.Minute)
	if err := read(); !errors.Is(err, ErrGone) {
		t.Error(err)
	}
	if got := strings.Join(g.calls, " "); got != "get check get check get get check" {
		t.Errorf("calls %q", got)
	}
}

func TestRecord(t *testing.T) {
	e := anEngine(&fakeGateway{})
	inv := anInvoice("1", createdAt(start.Add(-time.Hour)))
	k := aKnown()
	if r, changed := e.Record(k, inv); changed || r.Salt != k.Recorded.Salt {
		t.Error("what is recorded already is recorded anew")
	}
	moved := aKnown(func(r *Provenance) { r.Endpoint = "old.example" })
	if r, changed := e.Record(moved, inv); !changed || r.changeTo(here) != unchanged || !r.LocalCreatedAt.Equal(moved.Recorded.LocalCreatedAt) || r.Token != "token" {
		t.Errorf("after a move: %+v", r)
	}
	if r, changed := e.Record(StoredInvoice{ID: "1"}, inv); !changed || r.changeTo(here) != unchanged || r.Reference != "order-1" || !r.LocalCreatedAt.IsZero() {
		t.Errorf("a state of an older version: %+v", r)
	}
	c := CreateResult[fakeInvoice]{Invoice: anInvoice("1", createdAt(time.Time{}), withReference(""))}
	if r := e.RecordCreated("order-2", c); r.Reference != "order-2" || !r.LocalCreatedAt.Equal(start) {
		t.Errorf("made just now: %+v", r)
	}
	c.TakenOver = true
	if r := e.RecordCreated("order-2", c); !r.LocalCreatedAt.IsZero() {
		t.Errorf("taken over: %+v", r)
	}
}
