package outbox

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

const (
	me    = "me"
	lease = time.Minute
)

// box is an outbox with a clock that stands.
type box struct {
	t   *testing.T
	ns  *store.Namespace
	now time.Time
}

func start(t *testing.T) *box {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &box{t, s.Namespace(Namespace), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

func (b *box) update(fn func(tx *store.Tx) error) {
	b.t.Helper()
	if err := b.ns.Update(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) add(id, invoice string) {
	b.t.Helper()
	n := simulator.Notification{ID: id, Gateway: "acme", InvoiceID: invoice, Event: "paid", Data: []byte(`{"a":1}`)}
	b.update(func(tx *store.Tx) error { return Add(tx, n, "http://shop.example", b.now) })
}

func (b *box) claim() (id string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		d, ok, err := Claim(tx, me, b.now, lease)
		if ok {
			id = d.ID
		}
		return err
	})
	return id
}

func (b *box) settle(id string, status int, problem string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		return Settle(tx, id, me, Attempt{At: b.now, Status: status, Error: problem}, b.now)
	})
}

func (b *box) resend(id string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		_, err := Resend(tx, id, b.now)
		return err
	})
}

func (b *box) only() (d Delivery) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		list, err := List(tx, "", "")
		if err == nil && len(list) != 1 {
			err = fmt.Errorf("%d deliveries", len(list))
		}
		if err == nil {
			d = list[0]
		}
		return err
	})
	return d
}

// TestPauses: five attempts after growing pauses, and no more by itself.
func TestPauses(t *testing.T) {
	b := start(t)
	b.add("n", "1")
	var last time.Duration
	for attempt := 1; attempt <= MaxAttempts; attempt++ {
		if id := b.claim(); id != "n" {
			t.Fatalf("attempt %d: claimed %q", attempt, id)
		}
		b.settle("n", 500, "HTTP 500")
		d := b.only()
		if len(d.Attempts) != attempt || d.Attempts[attempt-1].Status != 500 {
			t.Fatalf("attempts %v", d.Attempts)
		}
		if attempt == MaxAttempts {
			if d.State != Failed {
				t.Errorf("then %s", d.State)
			}
			break
		}
		pause := d.NextAt.Sub(b.now)
		if d.State != Pending || pause <= last {
			t.Errorf("attempt %d: %s, next in %s after a pause of %s", attempt, d.State, pause, last)
		}
		last = pause
		if b.now = d.NextAt.Add(-time.Millisecond); b.claim() != "" {
			t.Errorf("attempt %d: sent within the pause", attempt+1)
		}
		b.now = d.NextAt
	}
	if b.now = b.now.AddDate(1, 0, 0); b.claim() != "" {
		t.Error("sent a sixth time")
	}

	b.resend("n")
	if b.claim() != "n" {
		t.Fatal("not sent again when requested")
	}
	b.settle("n", 0, "connection refused")
	if d := b.only(); d.State != Pending || len(d.Attempts) != MaxAttempts+1 {
		t.Errorf("requested again it has no new attempts: %s %d", d.State, len(d.Attempts))
	}
}

func TestSuccess(t *testing.T) {
	for status, want := range map[int]string{200: Delivered, 204: Delivered, 299: Delivered, 199: Pending, 302: Pending, 404: Pending} {
		b := start(t)
		b.add("n", "1")
		b.settle(b.claim(), status, "")
		if d := b.only(); d.State != want {
			t.Errorf("%d: %s", status, d.State)
		}
	}
	b := start(t)
	b.add("n", "1")
	b.settle(b.claim(), 200, "the response was cut off")
	if d := b.only(); d.State != Pending {
		t.Errorf("with an error: %s", d.State)
	}
}

func TestClaims(t *testing.T) {
	b := start(t)
	b.add("n", "1")
	b.add("m", "2")
	if first, second, third := b.claim(), b.claim(), b.claim(); first != "n" || second != "m" || third != "" {
		t.Errorf("claimed %q, %q, %q", first, second, third)
	}
	b.settle("m", 200, "")
	err := b.ns.Update(t.Context(), func(tx *store.Tx) error { return Settle(tx, "m", me, Attempt{Status: 200}, b.now) })
	if !errors.Is(err, ErrNotClaimed) {
		t.Errorf("settled twice: %v", err)
	}
	err = b.ns.Update(t.Context(), func(tx *store.Tx) error { return Settle(tx, "n", "another", Attempt{Status: 200}, b.now) })
	if !errors.Is(err, ErrNotClaimed) {
		t.Errorf("settled by another: %v", err)
	}
	if b.now = b.now.Add(lease); b.claim() != "n" {
		t.Error("a claim does not lapse")
	}
}

// TestResendWhileItIsSent: it is sent once more afterwards, not twice at once.
func TestResendWhileItIsSent(t *testing.T) {
	b := start(t)
	b.add("n", "1")
	b.claim()
	b.resend("n")
	if b.claim() != "" {
		t.Error("claimed twice")
	}
	b.settle("n", 200, "")
	if b.claim() != "n" {
		t.Fatal("not sent once more")
	}
	b.settle("n", 200, "")
	if d := b.only(); d.State != Delivered || len(d.Attempts) != 2 {
		t.Errorf("%s after %d attempts", d.State, len(d.Attempts))
	}
}

func TestList(t *testing.T) {
	b := start(t)
	for i := range 3 {
		b.add(fmt.Sprint("n", i), fmt.Sprint(i%2))
	}
	for filter, want := range map[[2]string]string{
		{"", ""}: "n2 n1 n0 ", {"acme", ""}: "n2 n1 n0 ", {"acme", "0"}: "n2 n0 ", {"other", ""}: "", {"", "7"}: "",
	} {
		got := ""
		b.update(func(tx *store.Tx) error {
			list, err := List(tx, filter[0], filter[1])
			for _, d := range list {
				got += d.ID + " "
			}
			return err
		})
		if got != want {
			t.Errorf("%v: %q, want %q", filter, got, want)
		}
	}
}
