// Package settings stores what all processes on a sandbox's folder share besides
// invoices: the clock, the public address, webhooks and faults.
package settings

import (
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Namespace is the part of the store for the settings.
const Namespace = "settings"

const key = "settings"

// Settings are shared by the processes.
type Settings struct {
	Ahead     time.Duration      // how far the sandbox's clock is ahead of the real time
	PublicURL string             // of a running server, without a trailing slash; may be ""
	Webhooks  map[string]Webhook // by gateway
	Faults    []Fault
}

// Webhook is where and how a gateway sends the notifications of invoices without their
// own address.
type Webhook struct {
	URL    string
	Secret string // "" means that of the simulated merchant
	Format string // one of the gateway's forms, such as "json" or "form"; "" means the usual one
}

// Fault makes requests to a simulated gateway fail.
type Fault struct {
	Gateway   string              // "" matches any
	Operation simulator.Operation // "" matches any
	Status    int                 // HTTP status of the response; 0 sends none
	Delay     time.Duration       // before anything else happens
	Drop      bool                // the connection ends without a response
	Times     int                 // the number of requests; 0 means until the faults are cleared
}

// Load reads the settings in a transaction in any namespace.
func Load(tx *store.Tx) (s Settings, err error) {
	if tx, err = tx.In(Namespace); err == nil {
		_, err = tx.Get(key, &s)
	}
	return s, err
}

// Change changes the settings with fn in a transaction in any namespace.
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

// UseFault uses up one request of the fault with this index.
func (s *Settings) UseFault(i int) {
	switch s.Faults[i].Times {
	case 0: // it is unlimited
	case 1:
		s.Faults = slices.Delete(s.Faults, i, i+1)
	default:
		s.Faults[i].Times--
	}
}

// Match finds the first fault for a request; -1 if there is none.
func Match(faults []Fault, gateway string, operation simulator.Operation) int {
	for i, fault := range faults {
		if (fault.Gateway == "" || fault.Gateway == gateway) && (fault.Operation == "" || fault.Operation == operation) {
			return i
		}
	}
	return -1
}
