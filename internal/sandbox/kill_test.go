package sandbox_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

const (
	// killedVariable makes the test binary work in a folder until it is killed.
	killedVariable = "PAYINVOICE_TEST_SANDBOX_WORKER"

	// killsVariable is how often TestKilledAtAnyMoment kills.
	killsVariable = "PAYINVOICE_TEST_KILLS"
	usualKills    = 6

	// killLease is longer than a round, so that no claim lapses within one.
	killLease = time.Minute
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedVariable); dir != "" {
		fmt.Println("error:", work(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// work makes, pays and notifies of invoices for ever, and prints each thing
// that was answered.
func work(dir string) error {
	ctx := context.Background()
	s, err := sandbox.Open(dir)
	if err != nil {
		return err
	}
	owner := strconv.Itoa(os.Getpid())
	for {
		id, err := send(ctx, s, http.MethodPost, "/v1/invoices", `{"amount":"1.00","currency":"USD"}`)
		if err != nil {
			return err
		}
		fmt.Println("created", id)
		if _, err := s.Trigger(ctx, "meum", id, simulator.Pay, ""); err != nil {
			return err
		}
		fmt.Println("paid", id)
		d, _, ok, err := s.NextDelivery(ctx, owner, killLease)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		fmt.Println("sent", d.ID)
		if err := s.RecordAttempt(ctx, d.ID, owner, sandbox.Attempt{At: time.Now(), Status: 200}); err != nil {
			return err
		}
		fmt.Println("delivered", d.ID)
	}
}

// TestKilledAtAnyMoment: two processes work on one folder and are killed. No
// invoice, event or delivery that was answered is lost, every change has its
// webhook, and nothing is sent by both.
func TestKilledAtAnyMoment(t *testing.T) {
	kills := usualKills
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	s := open(t, dir)
	notify(t, s)
	reported := map[string]map[string]int{"created": {}, "paid": {}, "sent": {}, "delivered": {}}
	for round := range kills / 2 {
		var workers []*exec.Cmd
		var outputs []*bufio.Scanner
		for range 2 {
			worker := exec.CommandContext(t.Context(), os.Args[0])
			worker.Env = append(os.Environ(), killedVariable+"="+dir)
			pipe, err := worker.StdoutPipe()
			must(t, err)
			must(t, worker.Start())
			workers, outputs = append(workers, worker), append(outputs, bufio.NewScanner(pipe))
		}
		outputs[0].Scan() // it has begun
		first := outputs[0].Text()
		time.Sleep(time.Duration(20_000+round*1_777%30_000) * time.Microsecond)
		for _, worker := range workers {
			must(t, worker.Process.Kill())
		}
		record(t, reported, first)
		for i, worker := range workers {
			for outputs[i].Scan() {
				record(t, reported, outputs[i].Text())
			}
			if err := worker.Wait(); !errors.As(err, new(*exec.ExitError)) {
				t.Fatalf("it was not killed: %v", err)
			}
		}
		checkReported(t, s, reported)
	}
	t.Logf("%d kills: %d invoices made, %d paid, %d webhooks sent", kills, len(reported["created"]), len(reported["paid"]), len(reported["sent"]))
}

func record(t *testing.T, reported map[string]map[string]int, line string) {
	t.Helper()
	what, id, _ := strings.Cut(line, " ")
	if reported[what] == nil {
		t.Fatalf("a worker printed %q", line)
	}
	reported[what][id]++
}

func checkReported(t *testing.T, s *sandbox.Sandbox, said map[string]map[string]int) {
	t.Helper()
	list, err := s.Invoices(t.Context(), "meum", "")
	must(t, err)
	phases := map[string]simulator.Phase{}
	for _, inv := range list {
		phases[inv.ID] = inv.Phase
	}
	all, err := s.Deliveries(t.Context(), "", "")
	must(t, err)
	webhooks, states := map[string]int{}, map[string]string{}
	for _, d := range all {
		webhooks[d.InvoiceID+" "+d.Event]++
		states[d.ID] = d.State
	}
	for id, phase := range phases {
		paid := 0
		if phase == simulator.PhasePaid {
			paid = 1
		}
		if webhooks[id+" invoice.created"] != 1 || webhooks[id+" invoice.paid"] != paid {
			t.Errorf("%s is %s, with the webhooks %v", id, phase, webhooks)
		}
	}
	for id := range said["created"] {
		if phases[id] == "" {
			t.Errorf("%s was made, and is lost", id)
		}
	}
	for id := range said["paid"] {
		if phases[id] != simulator.PhasePaid {
			t.Errorf("%s was paid, and is %q", id, phases[id])
		}
	}
	for id, times := range said["sent"] {
		if times != 1 {
			t.Errorf("%s was sent %d times", id, times)
		}
	}
	for id := range said["delivered"] {
		if states[id] != sandbox.Delivered {
			t.Errorf("%s was delivered, and is %q", id, states[id])
		}
	}
}
