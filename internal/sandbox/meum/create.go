package meum

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// never is the deadline if the platform's timeout is off: see
// https://docs.meum.io/payments/payment-expiration.
var never = time.Date(2099, 12, 31, 23, 59, 59, 999_000_000, time.UTC)

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	uuidForm     = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

// createMembers are those of a create.
var createMembers = []string{
	"amount", "currency", "external_order_id", "store_id", "integration_id", "callback_url", "return_url", "metadata",
}

// created is the response to a create.
type created struct {
	status int
	record map[string]any
}

// admitCreate applies the RateLimit.
func (s *Simulator) admitCreate(r *http.Request) error {
	now, err := s.Now(r.Context())
	if err != nil {
		return err
	}
	if !s.limiter.admit(s.behaviour.RateLimit, client(r), now) {
		return &failure{status: http.StatusTooManyRequests, message: "Too many requests"}
	}
	return admit(scopeWrite, scopeCreate)(r)
}

// create is POST /v1/invoices of https://docs.meum.io/api-reference/invoices. Its
// response has fewer members than the other methods'.
func (s *Simulator) create(c *ledger.Call[*invoice]) (any, error) {
	order, err := s.parseInvoice(c.Body, c.Now)
	if err != nil {
		return nil, err
	}
	if s.behaviour.NoPayoutWallet {
		return nil, &failure{http.StatusBadRequest, invalidRequest, "payout_wallet_not_configured", "Configure a payout wallet first"}
	}
	made := created{http.StatusCreated, map[string]any{}}
	inv, existing, err := add(c.Tx, order, s.isDuplicate)
	if err != nil {
		return nil, err
	}
	if existing {
		if err := s.conflict(inv, order); err != nil {
			return nil, err
		}
		if s.behaviour.Duplicates == ReturnExisting200 {
			made.status = http.StatusOK
		}
	}
	record := s.record(c.Tx, inv)
	for _, name := range []string{"id", "status", "checkout_url", "amount", "currency", "output_asset", "expires_at"} {
		made.record[name] = record[name]
	}
	return made, nil
}

// isDuplicate reports whether to return an older invoice with the same reference
// instead of a new one.
func (s *Simulator) isDuplicate(older *invoice) bool {
	return s.behaviour.Duplicates != CreateDuplicate && (older.open() || s.behaviour.DuplicateOfClosed)
}

// conflict returns the refusal of an order whose reference an existing invoice has.
// That for another integration is documented,
// https://docs.meum.io/api-reference/idempotency.md .
func (s *Simulator) conflict(existing, order *invoice) error {
	if order.IntegrationID != nil && existing.IntegrationID != nil && !strings.EqualFold(*order.IntegrationID, *existing.IntegrationID) {
		return errIntegrationConflict
	}
	if s.behaviour.DuplicateConflict && !existing.sameAmount(order) {
		return &failure{
			http.StatusConflict, invalidRequest, "external_order_id_conflict",
			"An invoice with this external_order_id and another amount or currency exists",
		}
	}
	return nil
}

// parseInvoice parses and checks the request. It reports the first mistake.
func (s *Simulator) parseInvoice(body *wire.Object, now time.Time) (*invoice, error) {
	now = now.Truncate(time.Millisecond)
	f := wire.Fields{Object: body}
	f.Require("amount", "currency")
	inv := &invoice{
		Amount:        f.Text("amount", wire.IsAmount, "a positive decimal string"),
		Currency:      f.Text("currency", currencyForm.MatchString, "an ISO 4217 code"),
		Reference:     f.Text("external_order_id", func(text string) bool { return text != "" }, "a non-empty string"),
		IntegrationID: f.Optional("integration_id", uuidForm.MatchString, "a UUID"),
		CallbackURL:   f.Optional("callback_url", wire.IsURL, "a URL"),
		ReturnURL:     f.Optional("return_url", wire.IsURL, "a URL"),
		Metadata:      body.Raw("metadata"),
		Identity:      ledger.Identity{Created: now},
		Status:        awaitingPayment, Updated: now, Expires: never,
	}
	f.Nested("metadata")
	store := f.Optional("store_id", uuidForm.MatchString, "a UUID")
	switch {
	case f.Err != nil:
		return nil, f.Err
	case store != nil && !strings.EqualFold(*store, StoreID):
		return nil, &failure{http.StatusForbidden, permissionError, "store_mismatch", "store_id does not belong to this key"}
	}
	if s.behaviour.StartsPending {
		inv.Status = pending
	}
	if s.behaviour.Lifetime > 0 {
		inv.Expires = now.Add(s.behaviour.Lifetime)
	}
	return inv, nil
}
