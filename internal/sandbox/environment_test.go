package sandbox_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

const hook = "http://shop.example/hook"

// openTwice opens two sandboxes on one folder, as two processes would.
func openTwice(t *testing.T) (a, b *sandbox.Sandbox) {
	t.Helper()
	dir := t.TempDir()
	return open(t, dir), open(t, dir)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func notify(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	must(t, s.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"meum": {URL: hook, Secret: "s", Format: "meum"}}))
}

func trigger(t *testing.T, s *sandbox.Sandbox, id string, event simulator.Event) simulator.Invoice {
	t.Helper()
	inv, err := s.Trigger(t.Context(), "meum", id, event, "")
	must(t, err)
	return inv
}

// deliveries are those of an invoice, oldest first, as "event state attempts".
func deliveries(t *testing.T, s *sandbox.Sandbox, id string) (list []string) {
	t.Helper()
	all, err := s.Deliveries(t.Context(), "meum", id)
	must(t, err)
	for _, d := range all {
		list = append([]string{fmt.Sprint(d.Event, " ", d.State, " ", len(d.Attempts))}, list...)
	}
	return list
}

func expectDeliveries(t *testing.T, s *sandbox.Sandbox, id string, want ...string) {
	t.Helper()
	if got := deliveries(t, s, id); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("deliveries %v, want %v", got, want)
	}
}

func TestInvoicesOfAllGateways(t *testing.T) {
	s, other := openTwice(t)
	first, second := create(t, s, "first"), create(t, other, "second")
	trigger(t, s, first, simulator.Pay)
	for filter, want := range map[[2]string][]string{
		{"", ""}: {second, first}, {"meum", ""}: {second, first}, {"", "paid"}: {first}, {"meum", "open"}: {second},
		{"xpays", ""}: {}, {"meum", "failed"}: {},
	} {
		list, err := s.Invoices(t.Context(), filter[0], filter[1])
		must(t, err)
		ids := []string{}
		for _, inv := range list {
			ids = append(ids, inv.ID)
		}
		if fmt.Sprint(ids) != fmt.Sprint(want) {
			t.Errorf("%v: %v, want %v", filter, ids, want)
		}
	}
	for name, err := range map[string]error{
		"Invoices":   func() error { _, err := s.Invoices(t.Context(), "nonsense", ""); return err }(),
		"Invoice":    func() error { _, err := s.Invoice(t.Context(), "nonsense", first); return err }(),
		"Deliveries": func() error { _, err := s.Deliveries(t.Context(), "nonsense", ""); return err }(),
		"Webhooks":   s.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"nonsense": {URL: hook}}),
		"AddFault":   s.AddFault(t.Context(), sandbox.Fault{Gateway: "nonsense", Status: 500}),
	} {
		if !errors.Is(err, sandbox.ErrNoGateway) {
			t.Errorf("%s of an unknown gateway: %v", name, err)
		}
	}
	if _, err := s.Invoice(t.Context(), "meum", "nonsense"); !errors.Is(err, simulator.ErrNoInvoice) {
		t.Errorf("an unknown invoice: %v", err)
	}
	if s.Events("nonsense") != nil || len(s.Events("hesabe")) != 4 {
		t.Errorf("events %v and %v", s.Events("nonsense"), s.Events("hesabe"))
	}
}

// TestOneSenderAtATime: what one process has claimed no other gets, until the
// claim lapses; then it is not lost, and who lost it cannot settle it.
func TestOneSenderAtATime(t *testing.T) {
	a, b := openTwice(t)
	notify(t, a)
	id := create(t, b, "o") // by a process that sends nothing
	const lease = 300 * time.Millisecond

	first, _, ok, err := a.NextDelivery(t.Context(), "a", lease)
	if err != nil || !ok || first.InvoiceID != id || first.Event != "invoice.created" || first.URL != hook {
		t.Fatalf("%+v, %v, %v", first, ok, err)
	}
	if _, wait, ok, err := b.NextDelivery(t.Context(), "b", lease); ok || err != nil || wait <= 0 || wait > lease {
		t.Fatalf("claimed twice: %v, %v, wait %s", ok, err, wait)
	}
	time.Sleep(lease)
	again, _, ok, err := b.NextDelivery(t.Context(), "b", time.Minute)
	if err != nil || !ok || again.ID != first.ID {
		t.Fatalf("lost: %+v, %v, %v", again, ok, err)
	}
	done := sandbox.Attempt{At: time.Now(), Status: 204}
	if err := a.RecordAttempt(t.Context(), first.ID, "a", done); !errors.Is(err, sandbox.ErrNotClaimed) {
		t.Errorf("settled by who lost it: %v", err)
	}
	must(t, b.RecordAttempt(t.Context(), first.ID, "b", done))
	expectDeliveries(t, a, id, "invoice.created delivered 1")
	if _, wait, ok, err := a.NextDelivery(t.Context(), "a", lease); ok || err != nil || wait <= 0 {
		t.Errorf("sent again: %v, %v, wait %s", ok, err, wait)
	}

	if _, err := a.Resend(t.Context(), "nonsense"); !errors.Is(err, sandbox.ErrNoDelivery) {
		t.Errorf("resend of an unknown delivery: %v", err)
	}
	if _, err := a.Resend(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if d, _, ok, err := b.NextDelivery(t.Context(), "b", lease); err != nil || !ok || d.ID != first.ID {
		t.Errorf("not sent again: %v, %v", ok, err)
	}
}

// TestNewAddress: what waits goes to the gateway's present address.
func TestNewAddress(t *testing.T) {
	a, b := openTwice(t)
	id := create(t, a, "before there is an address")
	expectDeliveries(t, a, id)
	notify(t, a)
	trigger(t, a, id, simulator.Pay)
	const moved = "http://elsewhere.example/"
	must(t, b.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"meum": {URL: moved}}))
	if d, _, ok, err := a.NextDelivery(t.Context(), "a", time.Minute); !ok || err != nil || d.URL != moved {
		t.Errorf("%v, %v, %s", ok, err, d.URL)
	}
	if webhooks, err := a.Webhooks(t.Context()); err != nil || webhooks["meum"].URL != moved {
		t.Errorf("%v, %v", webhooks, err)
	}
}

func TestSharedClock(t *testing.T) {
	a, b := openTwice(t)
	id := create(t, a, "o")
	before, err := b.Version(t.Context())
	must(t, err)
	must(t, a.Advance(t.Context(), 48*time.Hour))
	if after, err := b.Version(t.Context()); err != nil || after <= before {
		t.Errorf("version %d, then %d, %v", before, after, err)
	}
	if ahead, err := b.Ahead(t.Context()); err != nil || ahead != 48*time.Hour {
		t.Errorf("ahead %s, %v", ahead, err)
	}
	if left := time.Until(b.Now()); left < 47*time.Hour || left > 49*time.Hour {
		t.Errorf("now is %s ahead", left)
	}
	inv := trigger(t, b, id, simulator.Pay)
	if inv.CreatedAt.After(time.Now().Add(time.Hour)) {
		t.Errorf("created at %s", inv.CreatedAt)
	}
	late := create(t, b, "late")
	if inv, err := a.Invoice(t.Context(), "meum", late); err != nil || inv.CreatedAt.Before(time.Now().Add(47*time.Hour)) {
		t.Errorf("created at %s, %v", inv.CreatedAt, err)
	}
	w := askMeum(b, http.MethodGet, "/v1/invoices/"+id, "")
	if date, err := http.ParseTime(w.Header().Get("Date")); err != nil || time.Until(date) < 47*time.Hour {
		t.Errorf("date %s", w.Header().Get("Date"))
	}
	for _, wrong := range []time.Duration{-time.Second, 1 << 62} {
		if err := a.Advance(t.Context(), wrong); !errors.Is(err, sandbox.ErrInvalidSetting) {
			t.Errorf("advanced by %s: %v", wrong, err)
		}
	}
}

func TestFaults(t *testing.T) {
	a, b := openTwice(t)
	id := create(t, a, "o")
	get := func(s *sandbox.Sandbox) int { return askMeum(s, http.MethodGet, "/v1/invoices/"+id, "").Code }

	must(t, a.AddFault(t.Context(), sandbox.Fault{Gateway: "meum", Operation: simulator.OpRead, Status: 503, Times: 2}))
	must(t, a.AddFault(t.Context(), sandbox.Fault{Gateway: "xpays", Status: 500}))
	if got := askMeum(b, http.MethodGet, "/v1/invoices", "").Code; got != 200 {
		t.Errorf("another operation: %d", got)
	}
	if got := []int{get(b), get(a), get(b)}; fmt.Sprint(got) != "[503 503 200]" { // twice over all processes
		t.Errorf("statuses %v", got)
	}

	must(t, a.AddFault(t.Context(), sandbox.Fault{Operation: simulator.OpCreate, Status: 502}))
	before, err := a.Invoices(t.Context(), "", "")
	must(t, err)
	for range 3 { // until they are cleared
		if got := askMeum(b, http.MethodPost, "/v1/invoices", `{"amount":"1","currency":"USD"}`).Code; got != 502 {
			t.Errorf("status %d", got)
		}
	}
	if after, err := a.Invoices(t.Context(), "", ""); err != nil || len(after) != len(before) {
		t.Errorf("a fault made an invoice: %v, %v", after, err)
	}
	must(t, b.ClearFaults(t.Context()))
	create(t, a, "works again")

	must(t, a.AddFault(t.Context(), sandbox.Fault{Drop: true, Times: 1}))
	if _, err := send(t.Context(), b, http.MethodGet, "/v1/invoices/"+id, ""); err == nil {
		t.Error("answered, and not dropped")
	}
	must(t, a.AddFault(t.Context(), sandbox.Fault{Delay: 50 * time.Millisecond, Times: 1}))
	start := time.Now()
	if got := get(b); got != 200 || time.Since(start) < 50*time.Millisecond {
		t.Errorf("status %d after %s", got, time.Since(start))
	}

	for name, wrong := range map[string]sandbox.Fault{
		"nothing": {}, "operation": {Operation: "pay", Status: 500}, "status": {Status: 99}, "delay": {Delay: -1}, "times": {Drop: true, Times: -1},
	} {
		if err := a.AddFault(t.Context(), wrong); !errors.Is(err, sandbox.ErrInvalidSetting) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReset(t *testing.T) {
	a, b := openTwice(t)
	notify(t, a)
	must(t, a.SetPublicURL(t.Context(), "http://127.0.0.1:4480/"))
	must(t, a.AddFault(t.Context(), sandbox.Fault{Gateway: "hesabe", Status: 500}))
	must(t, a.Advance(t.Context(), time.Hour))
	id := create(t, a, "o")
	must(t, b.Reset(t.Context()))

	if list, err := a.Invoices(t.Context(), "", ""); err != nil || len(list) != 0 {
		t.Errorf("invoices %v, %v", list, err)
	}
	if _, err := a.Invoice(t.Context(), "meum", id); !errors.Is(err, simulator.ErrNoInvoice) {
		t.Errorf("%v", err)
	}
	if list, err := a.Deliveries(t.Context(), "", ""); err != nil || len(list) != 0 {
		t.Errorf("deliveries %v, %v", list, err)
	}
	if ahead, err := a.Ahead(t.Context()); err != nil || ahead != 0 {
		t.Errorf("ahead %s, %v", ahead, err)
	}
	if webhooks, err := a.Webhooks(t.Context()); err != nil || webhooks["meum"].URL != hook {
		t.Errorf("webhooks %v, %v", webhooks, err)
	}
	if url, err := a.PublicURL(t.Context()); err != nil || url != "http://127.0.0.1:4480" {
		t.Errorf("public URL %s, %v", url, err)
	}
	if again := create(t, b, "o"); again == id {
		t.Error("the id was given out before")
	}
}

func TestSettingsAreChecked(t *testing.T) {
	s := open(t, t.TempDir(), sandbox.WithTemporaryStore())
	for _, wrong := range []string{"nonsense", "ftp://x.example", "http://", "://", "javascript:alert(1)"} {
		if err := s.SetPublicURL(t.Context(), wrong); !errors.Is(err, sandbox.ErrInvalidSetting) {
			t.Errorf("public URL %q: %v", wrong, err)
		}
		err := s.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"meum": {URL: wrong}})
		if !errors.Is(err, sandbox.ErrInvalidSetting) {
			t.Errorf("webhook %q: %v", wrong, err)
		}
	}
}
