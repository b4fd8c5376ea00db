package meum

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// never is the deadline while the platform's time-out is switched off, see
// https://docs.meum.io/payments/payment-expiration.
var never = time.Date(2099, 12, 31, 23, 59, 59, 999_000_000, time.UTC)

var (
	amountForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	uuidForm     = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

// create is POST /v1/invoices of https://docs.meum.io/api-reference/invoices.
// It answers fewer members than the other methods.
func (s *Simulator) create(w http.ResponseWriter, r *http.Request) {
	now, err := s.Now(r.Context())
	var order *invoice
	if err == nil {
		order, err = s.receive(r, now)
	}
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	status, answer := http.StatusCreated, map[string]any{}
	err = s.Update(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		existing, err := add(tx, order, s.isDuplicate)
		if err != nil {
			return err
		}
		inv := order
		if existing != nil {
			if inv = existing; s.behaviour.Duplicates == ReturnExisting200 {
				status = http.StatusOK
			}
			if err := s.conflict(existing, order); err != nil {
				return err
			}
		}
		record := s.record(tx, inv)
		for _, name := range []string{"id", "status", "checkout_url", "amount", "currency", "output_asset", "expires_at"} {
			answer[name] = record[name]
		}
		return nil
	})
	s.answer(w, status, answer, err)
}

// receive checks a create and makes the invoice that it asks for.
func (s *Simulator) receive(r *http.Request, now time.Time) (*invoice, error) {
	if !s.limiter.admit(s.behaviour.RateLimit, client(r), now) {
		return nil, &failure{status: http.StatusTooManyRequests, message: "Too many requests"}
	}
	if err := authorize(r, scopeWrite, scopeCreate); err != nil {
		return nil, err
	}
	if err := onlyParameters(r.URL.Query()); err != nil {
		return nil, err
	}
	body, err := readObject(r)
	if err != nil {
		return nil, err
	}
	inv, err := s.parseInvoice(body, now)
	if err == nil && s.behaviour.NoPayoutWallet {
		err = &failure{http.StatusBadRequest, invalidRequest, "payout_wallet_not_configured", "Configure a payout wallet first"}
	}
	return inv, err
}

// isDuplicate reports whether an older invoice with the same reference is
// answered in place of a new one.
func (s *Simulator) isDuplicate(older *invoice) bool {
	return s.behaviour.Duplicates != MakeAnother && (older.open() || s.behaviour.DuplicateOfClosed)
}

// conflict is the refusal of an order whose reference an existing invoice has.
// That of another integration is documented,
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

// parseInvoice reads and checks the request. The first mistake is answered.
func (s *Simulator) parseInvoice(body *wire.Object, now time.Time) (*invoice, error) {
	known := []string{
		"amount", "currency", "external_order_id", "store_id", "integration_id", "callback_url", "return_url", "metadata",
	}
	if unknown := body.Unknown(known...); len(unknown) > 0 {
		return nil, badRequest("Unknown field: " + strings.Join(unknown, ", "))
	}
	for _, field := range []string{"amount", "currency"} {
		if !body.Has(field) {
			return nil, badRequest(field + " is required")
		}
	}
	values := map[string]*string{} // nil when absent
	for _, field := range known {
		if field == "metadata" {
			continue
		}
		value, given, err := body.Text(field)
		if err != nil {
			return nil, badRequest(err.Error())
		}
		if given {
			values[field] = &value
		}
	}
	if err := checkTexts(values); err != nil {
		return nil, err
	}
	if store := values["store_id"]; store != nil && !strings.EqualFold(*store, StoreID) {
		return nil, &failure{http.StatusForbidden, permissionError, "store_mismatch", "store_id does not belong to this key"}
	}
	if _, _, err := body.Object("metadata"); err != nil {
		return nil, badRequest(err.Error())
	}

	now = now.Truncate(time.Millisecond)
	inv := &invoice{
		Amount: *values["amount"], Currency: *values["currency"], Status: awaitingPayment,
		Created: now, Updated: now, Expires: never,
		ReturnURL: values["return_url"], CallbackURL: values["callback_url"], IntegrationID: values["integration_id"],
		Metadata: body.Raw("metadata"),
	}
	if reference := values["external_order_id"]; reference != nil {
		inv.Reference = *reference
	}
	if s.behaviour.StartsPending {
		inv.Status = pending
	}
	if s.behaviour.Lifetime > 0 {
		inv.Expires = now.Add(s.behaviour.Lifetime)
	}
	return inv, nil
}

// checkTexts checks the forms of the members that are text.
func checkTexts(values map[string]*string) error {
	forms := []struct {
		field string
		good  func(string) bool
		want  string
	}{
		{"amount", positiveAmount, "a positive decimal string"},
		{"currency", currencyForm.MatchString, "an ISO 4217 code"},
		{"external_order_id", func(text string) bool { return text != "" }, "a non-empty string"},
		{"store_id", uuidForm.MatchString, "a UUID"},
		{"integration_id", uuidForm.MatchString, "a UUID"},
		{"callback_url", func(text string) bool { return isURL(text, "https", "http") }, "a URL"},
		{"return_url", func(text string) bool { return isURL(text, "https", "http") }, "a URL"},
	}
	for _, form := range forms {
		if value := values[form.field]; value != nil && !form.good(*value) {
			return badRequest(form.field + " must be " + form.want)
		}
	}
	return nil
}

func positiveAmount(text string) bool {
	return amountForm.MatchString(text) && decimal.RequireFromString(text).IsPositive()
}

func isURL(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return true
		}
	}
	return false
}
