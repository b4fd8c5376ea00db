package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

const (
	// killsVariable is how often TestServerKilledAtAnyMoment kills.
	killsVariable = "PAYINVOICE_TEST_KILLS"
	usualKills    = 5
)

// TestServerKilledAtAnyMoment: a server is killed again and again while
// clients make and pay invoices and another server on the same folder goes on.
// Whatever was answered has happened, and its webhooks come.
func TestServerKilledAtAnyMoment(t *testing.T) {
	kills := usualKills
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	receiver, dir := merchant.NewReceiver(t), t.TempDir()
	witness := serve(t, dir, "--webhook", "meum="+receiver.URL)

	var answered events
	for range kills {
		victim := serve(t, dir)
		var clients sync.WaitGroup
		for range 4 {
			clients.Go(func() { answered.work(victim.url) })
		}
		time.Sleep(time.Duration(20+rand.IntN(180)) * time.Millisecond)
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		victim.Wait()
		clients.Wait()
	}

	if len(answered.list) == 0 {
		t.Fatal("nothing was answered")
	}
	t.Logf("%d kills, %d events answered", kills, len(answered.list))
	phases := map[string]string{}
	var list []struct{ ID, Phase string }
	if err := json.Unmarshal([]byte(must(t, "list", "--json", "--url", witness.url)), &list); err != nil {
		t.Fatal(err)
	}
	for _, inv := range list {
		phases[inv.ID] = inv.Phase
	}
	for _, event := range answered.list {
		if phase, known := phases[event.invoice]; !known || (event.name == "invoice.paid" && phase != "paid") {
			t.Errorf("%s of %s was answered, and the invoice is %q", event.name, event.invoice, phase)
		}
	}
	answered.expect(t, receiver)
}

// event is a webhook that has to come.
type event struct{ invoice, name string }

// events are those that a server has answered.
type events struct {
	mu   sync.Mutex
	list []event
}

func (e *events) add(invoice, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event{invoice, name})
}

// work makes invoices and pays them until the server is gone.
func (e *events) work(url string) {
	for {
		var made struct{ ID string }
		if err := post(url+"/meum/v1/invoices", `{"amount":"1.00","currency":"USD"}`, &made); err != nil {
			return
		}
		e.add(made.ID, "invoice.created")
		if err := post(url+"/_sandbox/invoices/meum/"+made.ID+"/events", `{"event":"pay"}`, nil); err != nil {
			return
		}
		e.add(made.ID, "invoice.paid")
	}
}

func post(url, body string, into any) error {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer sk_live_sandbox_demo_key")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("HTTP %d", response.StatusCode)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// expect waits until each event's webhook has come. A claim that a killed
// server held lapses after some seconds.
func (e *events) expect(t *testing.T, receiver *merchant.Receiver) {
	t.Helper()
	var missing []event
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		came := map[event]bool{}
		for _, w := range receiver.Webhooks() {
			id, name, err := sandboxtest.Merchant(t, "").Verify("meum", w)
			if err != nil {
				t.Fatal(err)
			}
			came[event{id, name}] = true
		}
		missing = nil
		for _, expected := range e.list {
			if !came[expected] {
				missing = append(missing, expected)
			}
		}
		if len(missing) == 0 {
			return
		}
	}
	t.Errorf("%d webhooks have not come: %v", len(missing), missing)
}
