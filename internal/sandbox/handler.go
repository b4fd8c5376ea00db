package sandbox

import (
	"context"
	"net/http"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// Handler serves a gateway's API. For a name that is not in Gateways, it responds with
// 404 to everything.
func (s *Sandbox) Handler(gateway string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		simulated, known := s.simulator(gateway)
		if !known {
			http.NotFound(w, r)
			return
		}
		shared, err := s.load(r.Context())
		if err == nil {
			w.Header().Set("Date", s.clock().Add(shared.Ahead).UTC().Format(http.TimeFormat))
			operation := simulated.Operation(r)
			if settings.Match(shared.Faults, gateway, operation) >= 0 && s.fail(w, r, gateway, operation) {
				return
			}
		}
		simulated.ServeHTTP(w, r) // it responds in its own form if the store fails
	})
}

// fail applies the first fault for a request, and reports whether it responded.
func (s *Sandbox) fail(w http.ResponseWriter, r *http.Request, gateway string, operation simulator.Operation) bool {
	fault, found, err := s.takeFault(r.Context(), gateway, operation)
	if err != nil || !found {
		return false
	}
	if !pause(r.Context(), fault.Delay) {
		return true // the client has gone
	}
	switch {
	case fault.Drop:
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		http.Error(w, "This response is a fault that was set in the sandbox.", fault.Status)
		return true
	default:
		return false
	}
}

// takeFault uses up the first fault for a request: across all processes on the folder,
// each of its times goes to one request.
func (s *Sandbox) takeFault(
	ctx context.Context, gateway string, operation simulator.Operation,
) (fault Fault, found bool, err error) {
	err = s.change(ctx, func(shared *settings.Settings) error {
		i := settings.Match(shared.Faults, gateway, operation)
		if found = i >= 0; !found {
			return nil
		}
		fault = shared.Faults[i]
		shared.UseFault(i)
		return nil
	})
	return fault, found, err
}

// pause waits, and returns false if the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
