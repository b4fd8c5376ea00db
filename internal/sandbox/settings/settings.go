// Package settings keeps what all processes on a sandbox's folder share
// besides invoices: the clock, the public address, webhooks and faults.
package settings

import (
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Namespace is the part of the store with the settings.
const Namespace = "settings"

const key = "settings"

// Settings is what the processes share.
type Settings struct {
	Ahead     time.Duration      // of the sandbox's clock before the real time
	PublicURL string             // of a running server, without a slash at the end; may be empty
	Webhooks  map[string]Webhook // by gateway
	Faults    []Fault
}

// Webhook is where a gateway sends the notifications of invoices that have no
// address of their own, and how.
type Webhook struct {
	URL    string
	Secret string // empty: that of the simulated merchant
	Format string // one of the gateway's forms, such as "json" or "form"; empty: the usual one
}

// Fault makes requests to a simulated gateway fail.
type Fault struct {
	Gateway   string              // empty: any
	Operation simulator.Operation // empty: any
	Status    int                 // HTTP status of the response; 0: no response of its own
	Delay     time.Duration       // before anything else happens
	Drop      bool                // the connection ends without a response
	Times     int                 // how many requests; 0: until the faults are cleared
}

// Load reads the settings in a transaction of any namespace.
func Load(tx *store.Tx) (s Settings, err error) {
	if tx, err = tx.In(Namespace); err == nil {
		_, err = tx.Get(key, &s)
	}
	return s, err
}

// Change lets fn change the settings in a transaction of any namespace.
func Change(tx *store.Tx, fn func(*Settings) error) error {
	tx, err := tx.In(Namespace)
	if err != nil {
		return err
	}
	s, err := Load(tx)
	if err != nil {
		return err
	}
	if err := fn(&s); err != nil {
		return err
	}
	return tx.Put(key, s)
}

// UseFault counts one request for the fault with the index.
func (s *Settings) UseFault(i int) {
	switch s.Faults[i].Times {
	case 0: // it lasts
	case 1:
		s.Faults = slices.Delete(s.Faults, i, i+1)
	default:
		s.Faults[i].Times--
	}
}

// Match finds the first fault for a request; -1 when there is none.
func Match(faults []Fault, gateway string, operation simulator.Operation) int {
	for i, fault := range faults {
		if (fault.Gateway == "" || fault.Gateway == gateway) && (fault.Operation == "" || fault.Operation == operation) {
			return i
		}
	}
	return -1
}
