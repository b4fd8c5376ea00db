// Package refreshtest proves that a refresh of many invoices shows the same
// whether it reads them from the gateway's list or one by one.
package refreshtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// size is how many invoices a configuration has: enough for the list to pay.
const size = 120

// switchVariable switches the read-ahead off.
const switchVariable = "PAYINVOICE_READ_AHEAD"

// subject is a gateway that can list.
type subject struct{ gatewaytest.Specimen }

// address is one of the subject's invoices in the configuration.
func (s subject) address(i int) string {
	return fmt.Sprintf("payinvoice_%s_invoice.many[%d]", s.Name, i)
}

func (s subject) configuration() string {
	return fmt.Sprintf("resource \"payinvoice_%s_invoice\" \"many\" {\n  count = %d\n  %s\n}\n", s.Name, size, s.arguments())
}

// arguments name count.index.
func (s subject) arguments() string {
	return `amount = "${count.index + 10}.50"` + "\n  " + s.Required() + "\n  " + s.Listing.VaryingArguments
}

func TestRefreshShowsTheSame(t *testing.T) {
	for _, g := range gatewaytest.Specimens() {
		if g.Listing == nil {
			continue
		}
		for _, test := range append([]gatewaytest.Refresh{{Name: "the main reading"}}, g.Listing.Refreshes...) {
			t.Run(g.Title+", "+test.Name, func(t *testing.T) { refreshesAlike(t, subject{g}, test) })
		}
	}
}

func refreshesAlike(t *testing.T, s subject, test gatewaytest.Refresh) {
	t.Helper()
	var behaviours []any
	if test.Behaviour != nil {
		behaviours = append(behaviours, test.Behaviour)
	}
	p := newPair(t, s, behaviours...)
	for round := range 2 {
		p.change(round)
		gone := forgotten
		if round > 0 {
			gone = 0
		}
		pages, reads := p.refresh(gone)
		if pages == 0 {
			t.Errorf("round %d: no list was read", round)
		}
		if gaveUp := reads > size*3/4; gaveUp != test.Differs {
			t.Errorf("round %d: %d of %d invoices were read one by one", round, reads, size)
		}
	}
}

// forgotten is how many invoices the gateway forgets in the first round.
const forgotten = 2

// comparison are two workspaces with the same state: one refreshes from lists.
type comparison struct {
	t       *testing.T
	subject subject
	env     *providertest.Env

	singly, ahead *providertest.Workspace
	ids           []string
	seen          int // requests
}

func newPair(t *testing.T, s subject, behaviours ...any) *comparison {
	t.Helper()
	env := providertest.NewEnv(t, behaviours...)
	p := &comparison{t: t, subject: s, env: env, singly: env.Workspace(s.configuration()), ahead: env.Workspace(s.configuration())}
	now := time.Now()
	env.Set(now.Add(-age))
	p.singly.Apply().Succeeds()
	env.Set(now)
	p.singly.ChangePrivate(func(private map[string][]byte) { createdEarlier(t, private, age) })
	state := p.singly.State()
	for i := range size {
		p.ids = append(p.ids, state[s.address(i)].Text("id"))
	}
	p.ahead.Write(stateFile, p.singly.Read(stateFile))
	return p
}

const stateFile = "terraform.tfstate"

// age is that of all invoices: where the gateway does not find one that is younger than
// two minutes, it is read again for some seconds.
const age = 3 * time.Minute

// createdEarlier dates the creation of an invoice, by the provider's own clock, back.
func createdEarlier(t *testing.T, private map[string][]byte, by time.Duration) {
	t.Helper()
	var provenance map[string]any
	if err := json.Unmarshal(private["provenance"], &provenance); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, provenance["made_at"].(string))
	if err != nil {
		t.Fatal(err)
	}
	provenance["made_at"] = at.Add(-by).Format(time.RFC3339)
	if private["provenance"], err = json.Marshal(provenance); err != nil {
		t.Fatal(err)
	}
}

// change lets something happen to most invoices, and makes the gateway forget
// some.
func (p *comparison) change(round int) {
	p.t.Helper()
	for i, id := range p.ids {
		if i%3 < round { // leaves some for the round that follows
			continue
		}
		event := p.subject.Listing.Events[(i+round)%len(p.subject.Listing.Events)]
		if round == 0 && i < forgotten {
			event = simulator.Forget
		}
		if event == "" {
			continue
		}
		_, err := p.env.Sandbox.Trigger(context.Background(), p.subject.Name, id, event, "")
		if err != nil && !errors.Is(err, simulator.ErrNotApplicable) && !errors.Is(err, simulator.ErrNoInvoice) {
			p.t.Fatalf("%s of %s: %v", event, id, err)
		}
	}
}

// refresh refreshes both, and compares what they say and store: so many warnings
// of invoices that are gone. It answers how many pages of lists the one read, and
// how many invoices one by one.
func (p *comparison) refresh(gone int) (pages, reads int) {
	p.t.Helper()
	p.requests() // discard earlier requests
	p.t.Setenv(switchVariable, "off")
	singly := p.singly.Apply("-refresh-only")
	checks := 0 // of the account, for what is gone
	if gone > 0 && p.subject.Name != "cryptocloud" {
		checks = 1
	}
	if pages, _ = p.requests(); pages != checks {
		p.t.Errorf("%d pages were read with the read-ahead switched off, not %d", pages, checks)
	}
	p.t.Setenv(switchVariable, "on")
	ahead := p.ahead.Apply("-refresh-only")
	pages, reads = p.requests()

	singly.Succeeds()
	ahead.Succeeds()
	if one, many := messages(singly), messages(ahead); !slices.Equal(one, many) || len(one) != gone {
		p.t.Errorf("of %d that are gone single reads say:\n%s\nthe list says:\n%s", gone, strings.Join(one, "\n"), strings.Join(many, "\n"))
	}
	compare(p.t, p.singly.Read(stateFile), p.ahead.Read(stateFile))
	p.ahead.Plan("-refresh-only").IsEmpty()
	return pages, reads
}

// messages are the texts of all diagnostics, in an order of their own.
func messages(r *providertest.Report) []string {
	var texts []string
	for _, d := range r.Diagnostics {
		texts = append(texts, d.String())
	}
	slices.Sort(texts)
	return texts
}

// compare compares two states, all that they hold.
func compare(t *testing.T, one, many string) {
	t.Helper()
	if one == many {
		return
	}
	var left, right map[string]any
	for text, into := range map[string]*map[string]any{one: &left, many: &right} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	instances := func(state map[string]any) []any {
		resources, _ := state["resources"].([]any)
		if len(resources) != 1 {
			t.Fatalf("the state has %d resources", len(resources))
		}
		all, _ := resources[0].(map[string]any)["instances"].([]any)
		return all
	}
	a, b := instances(left), instances(right)
	if len(a) != len(b) {
		t.Fatalf("single reads leave %d invoices in the state, the list %d", len(a), len(b))
	}
	for i := range a {
		if x, y := fmt.Sprint(a[i]), fmt.Sprint(b[i]); x != y {
			t.Fatalf("invoice %d differs\nby a single read: %s\nby the list:      %s", i, x, y)
		}
	}
	t.Fatal("the states differ, though not in an invoice")
}

// requests counts the pages of lists, and the invoices that were read one by one,
// since the last time.
func (p *comparison) requests() (pages, reads int) {
	p.t.Helper()
	all := p.env.Requests(p.subject.Name)
	for _, r := range all[p.seen:] {
		switch {
		case gatewaytest.Matches(p.subject.Requests.Find, r.Method, r.Path):
			pages++
		case gatewaytest.Matches(p.subject.Requests.Read, r.Method, r.Path):
			reads += p.invoicesIn(r.Body)
		}
	}
	p.seen = len(all)
	return pages, reads
}

// invoicesIn is how many invoices a read asks for: one, unless its body has ids.
func (p *comparison) invoicesIn(body []byte) int {
	p.t.Helper()
	var asked struct {
		UUIDs []string `json:"uuids"`
	}
	if len(body) == 0 {
		return 1
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		p.t.Fatal(err)
	}
	return len(asked.UUIDs)
}
