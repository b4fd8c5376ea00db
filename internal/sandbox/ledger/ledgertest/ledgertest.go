// Package ledgertest tests what the simulators have in common: their events, their
// webhooks and how they describe invoices.
package ledgertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/outbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Gateway is a simulator over an empty store.
type Gateway struct {
	Name      string
	Simulator simulator.Simulator
	Namespace *store.Namespace

	// Create creates an invoice through the API and returns its id.
	Create func(t *testing.T) string
}

// History is a sequence of events for a new invoice, and its result.
type History struct {
	events   string
	status   string
	phase    simulator.Phase
	possible string
	notices  []string
}

// After returns a History: the events, with amounts, such as "underpay 10.00, pay"; the
// resulting status and phase; the events that are possible then; and the webhooks sent
// so far.
func After(events, status string, phase simulator.Phase, possible string, notices ...string) History {
	return History{events, status, phase, possible, notices}
}

// Change changes the settings that all processes share.
func (g Gateway) Change(t *testing.T, fn func(*settings.Settings)) {
	t.Helper()
	err := g.Namespace.Update(t.Context(), func(tx *store.Tx) error {
		return settings.Change(tx, func(s *settings.Settings) error { fn(s); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Sent lists the notifications in the outbox, oldest first.
func (g Gateway) Sent(t *testing.T) (sent []outbox.Delivery) {
	t.Helper()
	err := g.Namespace.View(t.Context(), func(tx *store.Tx) (err error) {
		if tx, err = tx.In(outbox.Namespace); err == nil {
			sent, err = outbox.List(tx, "", "")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(sent)
	return sent
}

// Data decodes the Data of a notification.
func Data(t *testing.T, d outbox.Delivery) (data map[string]any) {
	t.Helper()
	if err := json.Unmarshal(d.Notification.Data, &data); err != nil {
		t.Fatal(err)
	}
	return data
}

// Run checks histories, each with a new gateway.
func Run(t *testing.T, start func(t *testing.T) Gateway, histories []History) {
	t.Helper()
	for _, history := range histories {
		t.Run(history.events, func(t *testing.T) { history.run(t, start(t)) })
	}
}

func (h History) run(t *testing.T, g Gateway) {
	t.Helper()
	g.Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{g.Name: {URL: "http://shop.example/hook"}}
	})
	id := g.Create(t)
	var last simulator.Invoice
	for _, step := range strings.Split(h.events, ", ") {
		event, amount, _ := strings.Cut(step, " ")
		var err error
		if last, err = g.Simulator.Trigger(t.Context(), id, simulator.Event(event), amount); err != nil {
			t.Fatal(err)
		}
	}
	if last.Status != h.status || last.Phase != h.phase || simulator.Names(last.Events) != h.possible {
		t.Errorf("is %s (%s), possible %s", last.Status, last.Phase, simulator.Names(last.Events))
	}
	var notices []string
	for _, d := range g.Sent(t) {
		notices = append(notices, d.Event)
		if d.InvoiceID != id || d.Gateway != g.Name || d.State != outbox.Pending || d.URL != "http://shop.example/hook" {
			t.Errorf("delivery %+v", d)
		}
	}
	if !slices.Equal(notices, h.notices) {
		t.Errorf("sent %v, want %v", notices, h.notices)
	}
	if h.status != "" {
		g.checkReads(t, last)
	}
	g.checkRefusals(t, last)
}

// checkReads compares what Invoice and Invoices return with what Trigger did.
func (g Gateway) checkReads(t *testing.T, last simulator.Invoice) {
	t.Helper()
	one, err := g.Simulator.Invoice(t.Context(), last.ID)
	if err != nil || fmt.Sprint(one) != fmt.Sprint(last) {
		t.Errorf("Invoice returns %+v, %v; Trigger %+v", one, err, last)
	}
	all, err := g.Simulator.Invoices(t.Context())
	if err != nil || len(all) != 1 || fmt.Sprint(all[0]) != fmt.Sprint(last) {
		t.Errorf("Invoices returns %+v, %v", all, err)
	}
}

// checkRefusals tries every impossible event, and checks that it changes nothing.
func (g Gateway) checkRefusals(t *testing.T, last simulator.Invoice) {
	t.Helper()
	before := len(g.Sent(t))
	tries := append(slices.Clone(g.Simulator.Events()), "nonsense")
	for _, event := range tries {
		if slices.Contains(last.Events, event) {
			continue
		}
		_, err := g.Simulator.Trigger(t.Context(), last.ID, event, "")
		want := simulator.ErrNotApplicable
		switch {
		case last.Status == "":
			want = simulator.ErrNoInvoice
		case event == "nonsense":
			want = simulator.ErrUnknownEvent
		}
		var refused *simulator.EventError
		if !errors.Is(err, want) || last.Status != "" && (!errors.As(err, &refused) ||
			simulator.Names(refused.Possible) != simulator.Names(last.Events) || !strings.Contains(err.Error(), last.ID)) {
			t.Errorf("%s: %v", event, err)
		}
	}
	if after := len(g.Sent(t)); after != before {
		t.Errorf("refused events sent %d webhooks", after-before)
	}
}

// Amounts checks the amounts of Underpay and Overpay at a gateway that has them, with
// invoices of the given price.
func Amounts(t *testing.T, start func(t *testing.T) Gateway, price, below, above string) {
	t.Helper()
	g := start(t)
	for _, test := range []struct {
		event  simulator.Event
		amount string
		good   bool
	}{
		{simulator.Underpay, below, true},
		{simulator.Underpay, price, false},
		{simulator.Underpay, above, false},
		{simulator.Overpay, above, true},
		{simulator.Overpay, price, false},
		{simulator.Overpay, below, false},
		{simulator.Underpay, "0", false},
		{simulator.Underpay, "0.00", false},
		{simulator.Underpay, "-1", false},
		{simulator.Underpay, "1e-3", false},
		{simulator.Underpay, " 1", false},
		{simulator.Underpay, "1,5", false},
		{simulator.Underpay, "NaN", false},
		{simulator.Underpay, "0." + strings.Repeat("0", 5000) + "1", false},
		{simulator.Pay, price, false},
		{simulator.Cancel, "1", false},
	} {
		id := g.Create(t)
		_, err := g.Simulator.Trigger(t.Context(), id, test.event, test.amount)
		if (err == nil) != test.good || err != nil && !errors.Is(err, simulator.ErrInvalidAmount) {
			t.Errorf("%s of %.20q: %v", test.event, test.amount, err)
		}
		inv, err := g.Simulator.Invoice(t.Context(), id)
		if err != nil || !test.good && inv.Phase != simulator.PhaseOpen {
			t.Errorf("after %s of %.20q it is %s, %v", test.event, test.amount, inv.Phase, err)
		}
	}
}
