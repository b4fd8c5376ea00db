package chaos

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

const rowKill = "SIGKILL"

const (
	killedInvoices = 30
	killsPerRound  = 3
	// killLatency is how long each half of an exchange takes at most.
	killLatency = 40 * time.Millisecond
)

// killRounds is how often the test runs for each gateway.
func killRounds() int {
	if full {
		return 8
	}
	return 1
}

// TestKill kills Terraform and the provider at random moments of an apply of
// many invoices, and applies again. XPays is left out: without a look-up, nothing can be
// adopted there.
func TestKill(t *testing.T) {
	if !hasProcessGroups {
		t.Skip("there are no process groups here")
	}
	for _, p := range finders() {
		for round := range killRounds() {
			name := fmt.Sprintf("%s/%d", p.Name, round)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				newKillTest(t, p, random("kill "+name)).run()
			})
		}
	}
}

// killTest is an apply that is killed several times.
type killTest struct {
	t        *testing.T
	env      *env
	w        *workspace
	random   *rand.Rand
	arrivals chan struct{}
	count    tally
	inState  []string
}

func newKillTest(t *testing.T, p profile, random *rand.Rand) *killTest {
	t.Helper()
	m := &killTest{t: t, random: random, arrivals: make(chan struct{}, 10_000)}
	m.env = newEnv(t, p, gatewaytest.DuplicateBehaviours()...)
	m.env.Intercept(faults.Latency(killLatency))
	m.env.Intercept(m.announce)
	m.w = m.env.workspace(t, provider(10*time.Second, 2)+p.resource(
		fmt.Sprintf("count = %d", killedInvoices), p.Reference+` = "order-${count.index}"`, "adopt_existing = true"))
	return m
}

// announce signals every request.
func (m *killTest) announce(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case m.arrivals <- struct{}{}:
		default:
		}
		next.ServeHTTP(w, r)
	})
}

func (m *killTest) run() {
	m.t.Helper()
	for range killsPerRound {
		m.applyAndKill()
	}
	if o := m.w.apply(); o.failed {
		m.count.unrecovered++
		m.t.Errorf("the apply after the kills fails:\n%s", o)
	}
	m.reconcile()
	m.check()
	if o := m.w.destroy(); o.failed {
		m.count.unrecovered++
		m.t.Errorf("the destroy fails:\n%s", o)
	}
	if open := m.env.ledger.open(m.t); len(open) > 0 || len(m.w.ids()) > 0 {
		m.t.Errorf("after the destroy %d invoices are open and %d in state", len(open), len(m.w.ids()))
	}
	tables.add(m.t, m.env.Name, rowKill, m.count)
}

// applyAndKill kills everything after a random number of requests and a random delay.
// An apply makes about three requests per new invoice.
func (m *killTest) applyAndKill() {
	m.t.Helper()
	m.count.tried++
	for len(m.arrivals) > 0 {
		<-m.arrivals
	}
	running := m.w.startApply()
	for range 1 + m.random.IntN(3*killedInvoices) {
		select {
		case <-m.arrivals:
		case <-running.ended:
		}
	}
	time.Sleep(time.Duration(m.random.Int64N(int64(killLatency))))
	_ = signalGroup(running.Cmd, kill) // it may be done by now
	running.wait()
	m.reconcile()
}

// reconcile compares the state with the gateway's ledger.
func (m *killTest) reconcile() {
	m.t.Helper()
	ids, err := m.present()
	if errors.Is(err, errTornState) {
		// Terraform was killed while it wrote the state. Users take the backup
		// or, since their references find everything again, nothing.
		m.t.Log("the state file was torn by the kill, and is removed")
		m.forgetState()
		m.inState = nil
		return
	}
	if err != nil {
		m.t.Fatal(err)
	}
	perReference := map[string]int{}
	for _, f := range m.env.ledger.all(m.t) {
		if slices.Contains(m.inState, f.ID) && !slices.Contains(ids, f.ID) {
			m.count.removals++
		}
		if f.Phase != gateway.PhaseOpen {
			continue
		}
		if perReference[f.Reference]++; perReference[f.Reference] > 1 {
			m.count.duplicates++
			m.t.Errorf("CHAOS_SEED=%d: %s is open %d times", seed, f.Reference, perReference[f.Reference])
		}
	}
	m.inState = ids
}

func (m *killTest) present() ([]string, error) {
	all, err := m.w.readState()
	var ids []string
	for _, i := range all {
		ids = append(ids, i.id())
	}
	return ids, err
}

func (m *killTest) forgetState() {
	m.t.Helper()
	for _, name := range []string{stateFile, stateFile + ".backup"} {
		if err := os.RemoveAll(filepath.Join(m.w.dir, name)); err != nil {
			m.t.Fatal(err)
		}
	}
}

// check checks that every open invoice is in the state once, and nothing else is.
func (m *killTest) check() {
	m.t.Helper()
	open := m.env.ledger.open(m.t)
	for _, f := range open {
		if !slices.Contains(m.inState, f.ID) {
			m.count.orphans++
			m.t.Errorf("CHAOS_SEED=%d: %s (%s) is open and not in state", seed, f.ID, f.Reference)
		}
	}
	if len(open) != killedInvoices || len(m.inState) != killedInvoices {
		m.t.Errorf("CHAOS_SEED=%d: %d invoices are open and %d in state, not %d", seed, len(open), len(m.inState), killedInvoices)
	}
}
