package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Webhook is where and how a gateway sends its notifications.
type Webhook = settings.Webhook

// Fault makes requests to a simulated gateway fail.
type Fault = settings.Fault

// maxAhead keeps the simulated time within the years that gateways can write.
const maxAhead = 50 * 365 * 24 * time.Hour

// ErrInvalidSetting means that a setting is not valid.
var ErrInvalidSetting = errors.New("sandbox: the setting is not valid")

func invalidSetting(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalidSetting, fmt.Sprintf(format, args...))
}

// load reads the settings that all processes on the folder share.
func (s *Sandbox) load(ctx context.Context) (shared settings.Settings, err error) {
	err = s.shared.View(ctx, func(tx *store.Tx) error {
		shared, err = settings.Load(tx)
		return err
	})
	return shared, err
}

func (s *Sandbox) change(ctx context.Context, fn func(*settings.Settings) error) error {
	return s.shared.Update(ctx, func(tx *store.Tx) error { return settings.Change(tx, fn) })
}

// Now returns the simulated time, in UTC. If the folder cannot be read, it is the real
// time.
func (s *Sandbox) Now() time.Time {
	ahead, _ := s.Ahead(context.Background()) // a caller that needs the error calls Ahead
	return s.clock().UTC().Add(ahead)
}

// Ahead returns how far the simulated time is ahead of the real one.
func (s *Sandbox) Ahead(ctx context.Context) (time.Duration, error) {
	shared, err := s.load(ctx)
	return shared.Ahead, err
}

// Advance moves the simulated time forward, for every process on the folder. Only Reset
// moves it back.
func (s *Sandbox) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return invalidSetting("the clock cannot go back by %s; a reset sets it to the real time", -d)
	}
	return s.change(ctx, func(shared *settings.Settings) error {
		if d > maxAhead-shared.Ahead {
			return invalidSetting("the clock can be at most %d hours ahead", int(maxAhead.Hours()))
		}
		shared.Ahead += d
		return nil
	})
}

// SetPublicURL records the URL of a running server, or "" if none runs: responses use
// it for payment pages.
func (s *Sandbox) SetPublicURL(ctx context.Context, address string) error {
	address = strings.TrimRight(address, "/")
	if address != "" && !isHTTP(address) {
		return invalidSetting("the public URL %q is not an http or https address", address)
	}
	return s.change(ctx, func(shared *settings.Settings) error {
		shared.PublicURL = address
		return nil
	})
}

// PublicURL returns the URL of a running server, without a trailing slash; "" if none
// runs.
func (s *Sandbox) PublicURL(ctx context.Context) (string, error) {
	shared, err := s.load(ctx)
	return shared.PublicURL, err
}

// Webhooks returns where gateways send their notifications, by gateway.
func (s *Sandbox) Webhooks(ctx context.Context) (map[string]Webhook, error) {
	shared, err := s.load(ctx)
	return maps.Clone(shared.Webhooks), err
}

// SetWebhooks replaces where gateways send their notifications. It rejects an unknown
// gateway, and an address that is not http or https.
func (s *Sandbox) SetWebhooks(ctx context.Context, webhooks map[string]Webhook) error {
	for gateway, webhook := range webhooks {
		if _, err := s.find(gateway); err != nil {
			return err
		}
		if err := checkFormat(gateway, webhook.Format); err != nil {
			return err
		}
		if webhook.URL != "" && !isHTTP(webhook.URL) {
			return invalidSetting("the webhook address %q of %s is not an http or https address", webhook.URL, gateway)
		}
	}
	return s.change(ctx, func(shared *settings.Settings) error {
		shared.Webhooks = maps.Clone(webhooks)
		return nil
	})
}

func isHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// AddFault makes requests fail from now on, in every process on the folder.
// Faults apply in the order in which they were added.
func (s *Sandbox) AddFault(ctx context.Context, fault Fault) error {
	if fault.Gateway != "" {
		if _, err := s.find(fault.Gateway); err != nil {
			return err
		}
	}
	switch {
	case fault.Operation != "" && !slices.Contains(simulator.Operations(), fault.Operation):
		return invalidSetting("there is no operation %q", fault.Operation)
	case fault.Status != 0 && (fault.Status < 200 || fault.Status > 599):
		return invalidSetting("the status of a fault must be from 200 to 599, not %d", fault.Status)
	case fault.Delay < 0 || fault.Times < 0:
		return invalidSetting("delay and times of a fault must not be negative")
	case fault.Status == 0 && fault.Delay == 0 && !fault.Drop:
		return invalidSetting("a fault needs a status, a delay or drop")
	}
	return s.change(ctx, func(shared *settings.Settings) error {
		shared.Faults = append(shared.Faults, fault)
		return nil
	})
}

// ClearFaults ends all faults.
func (s *Sandbox) ClearFaults(ctx context.Context) error {
	return s.change(ctx, func(shared *settings.Settings) error {
		shared.Faults = nil
		return nil
	})
}

// Reset removes all invoices, deliveries and faults, and sets the clock to the real
// time. Webhooks, the public URL and logins stay.
func (s *Sandbox) Reset(ctx context.Context) error {
	return s.shared.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Clear(settings.Namespace, hesabe.Sessions); err != nil {
			return err
		}
		return settings.Change(tx, func(shared *settings.Settings) error {
			shared.Ahead, shared.Faults = 0, nil
			return nil
		})
	})
}

// Version increases with every change in the folder, by any process. It is cheap to
// read.
func (s *Sandbox) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }
