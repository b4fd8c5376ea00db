// Package sandbox simulates the payment gateways, to try a configuration where no
// invoice is real.
// On purpose, it shares no code with the gateways' clients: it is written from the
// gateways' documentation alone, so that a misreading in a client shows as a failing
// test.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/outbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

// gateways are all simulators, one per line.
var gateways = []gateway{
	register("cryptocloud", "CryptoCloud", cryptocloud.Account, cryptocloud.New),
	register("hesabe", "Hesabe", hesabe.Account, hesabe.New),
	register("meum", "Meum", meum.Account, meum.New),
	register("xpays", "XPays", xpays.Account, xpays.New),
}

// gateway is how a simulator is created.
type gateway struct {
	name    string
	title   string // its name in its own spelling
	account func() simulator.Account
	build   func(*store.Namespace, simulator.Clock, []any) simulator.Simulator
	owns    func(behaviour any) bool
}

// register returns the gateway of a package's New. The type of its Behaviour selects
// the one that is meant for it.
func register[B any, S simulator.Simulator](
	name, title string, account func() simulator.Account, build func(*store.Namespace, simulator.Clock, B) S,
) gateway {
	return gateway{
		name: name, title: title, account: account,
		build: func(ns *store.Namespace, now simulator.Clock, behaviours []any) simulator.Simulator {
			var chosen B
			for _, given := range behaviours {
				if behaviour, ok := given.(B); ok {
					chosen = behaviour
				}
			}
			return build(ns, now, chosen)
		},
		owns: func(behaviour any) bool { _, ok := behaviour.(B); return ok },
	}
}

// ErrNoGateway means that the name is not in Gateways.
var ErrNoGateway = errors.New("sandbox: no such gateway")

// Gateways lists the names of the simulated gateways.
func Gateways() (names []string) {
	for _, g := range gateways {
		names = append(names, g.name)
	}
	return names
}

// Title is a gateway's name in its own spelling.
func Title(gateway string) string {
	for _, g := range gateways {
		if g.name == gateway {
			return g.title
		}
	}
	return gateway
}

// EventsByGateway lists the events that each gateway has, in the order of presentation.
func EventsByGateway() map[string][]simulator.Event {
	events := map[string][]simulator.Event{}
	for _, g := range gateways {
		events[g.name] = g.build(nil, time.Now, nil).Events()
	}
	return events
}

// Option changes how a sandbox is opened.
type Option func(*options)

type options struct {
	clock      simulator.Clock
	store      []store.Option
	behaviours []any
}

// WithClock sets the gateways' clock; the default is time.Now.
func WithClock(clock simulator.Clock) Option {
	return func(o *options) { o.clock = clock }
}

// WithTemporaryStore is for tests: see store.Temporary.
func WithTemporaryStore() Option {
	return func(o *options) { o.store = append(o.store, store.Temporary()) }
}

// WithBehaviour sets how gateways behave. Each value is the Behaviour of a simulator's
// package, such as meum.Behaviour; without one, a gateway follows the main reading of
// its documentation.
func WithBehaviour(behaviours ...any) Option {
	return func(o *options) { o.behaviours = append(o.behaviours, behaviours...) }
}

// Sandbox is all simulated gateways over one store. It is safe for concurrent
// use, and several sandboxes in several processes can share a directory.
type Sandbox struct {
	store  *store.Store
	shared *store.Namespace // the settings of all processes
	outbox *store.Namespace
	clock  simulator.Clock

	mu         sync.RWMutex
	simulators map[string]simulator.Simulator
}

// Open creates or opens the sandbox in dir. Its errors are those of store.Open, and one
// for a behaviour that no gateway has.
func Open(dir string, opts ...Option) (*Sandbox, error) {
	o := options{clock: time.Now}
	for _, opt := range opts {
		opt(&o)
	}
	records, err := store.Open(dir, o.store...)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		store: records, shared: records.Namespace(settings.Namespace), outbox: records.Namespace(outbox.Namespace), clock: o.clock,
	}
	if err := s.Behave(o.behaviours...); err != nil {
		return nil, errors.Join(err, records.Close())
	}
	return s, nil
}

// Warning reports that others can read or write an existing folder; "" if they cannot.
// A new folder is accessible only to its owner.
func (s *Sandbox) Warning() string { return s.store.Warning() }

// Close closes the store. Later requests fail.
func (s *Sandbox) Close() error { return s.store.Close() }

// Behave replaces the behaviours of all gateways: see WithBehaviour. Their data stays;
// rate limits start again.
func (s *Sandbox) Behave(behaviours ...any) error {
	for _, behaviour := range behaviours {
		known := false
		for _, g := range gateways {
			known = known || g.owns(behaviour)
		}
		if !known {
			return fmt.Errorf("sandbox: no gateway has a behaviour of type %T", behaviour)
		}
	}
	simulators := map[string]simulator.Simulator{}
	for _, g := range gateways {
		simulators[g.name] = g.build(s.store.Namespace(g.name), s.clock, behaviours)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.simulators = simulators
	return nil
}

func (s *Sandbox) simulator(gateway string) (simulator.Simulator, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	simulated, known := s.simulators[gateway]
	return simulated, known
}

// find returns a gateway's simulator, or ErrNoGateway.
func (s *Sandbox) find(gateway string) (simulator.Simulator, error) {
	if simulated, known := s.simulator(gateway); known {
		return simulated, nil
	}
	return nil, fmt.Errorf("%w: %q; there are %s", ErrNoGateway, gateway, strings.Join(Gateways(), ", "))
}

// Events lists the events that a gateway has, in the order of presentation; none for a
// name that is not in Gateways.
func (s *Sandbox) Events(gateway string) []simulator.Event {
	if simulated, known := s.simulator(gateway); known {
		return simulated.Events()
	}
	return nil
}

// Invoices lists the invoices of a gateway and in a phase, newest first; an empty
// gateway or phase selects all.
func (s *Sandbox) Invoices(ctx context.Context, gateway string, phase simulator.Phase) ([]simulator.Invoice, error) {
	names := []string{gateway}
	if gateway == "" {
		names = Gateways()
	}
	list := []simulator.Invoice{}
	for _, name := range names {
		simulated, err := s.find(name)
		if err != nil {
			return nil, err
		}
		invoices, err := simulated.Invoices(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, invoices...)
	}
	if phase != "" {
		list = slices.DeleteFunc(list, func(inv simulator.Invoice) bool { return inv.Phase != phase })
	}
	slices.SortStableFunc(list, func(a, b simulator.Invoice) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return list, nil
}

// Invoice returns an invoice as it is now. The errors are ErrNoGateway and
// simulator.ErrNoInvoice.
func (s *Sandbox) Invoice(ctx context.Context, gateway, id string) (simulator.Invoice, error) {
	simulated, err := s.find(gateway)
	if err != nil {
		return simulator.Invoice{}, err
	}
	return simulated.Invoice(ctx, id)
}

// Trigger triggers an event for an invoice: see simulator.Simulator. It may also return
// ErrNoGateway.
func (s *Sandbox) Trigger(
	ctx context.Context, gateway, id string, event simulator.Event, amount string,
) (simulator.Invoice, error) {
	simulated, err := s.find(gateway)
	if err != nil {
		return simulator.Invoice{}, err
	}
	return simulated.Trigger(ctx, id, event, amount)
}
