package meum

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

const (
	defaultLimit = 20
	maxLimit     = 100
	window       = 90 * 24 * time.Hour
)

var (
	idForm   = regexp.MustCompile(`^inv_[0-9a-z]{20,32}$`)
	linkForm = regexp.MustCompile(`^plink_[0-9a-z]{20,32}$`)
)

// cancel implements https://docs.meum.io/api-reference/invoices/cancel-invoice.
func (s *Simulator) cancel(c *ledger.Call[*invoice]) (any, error) {
	inv, err := c.Load()
	if err == nil {
		err = s.cancelInvoice(c.Tx, inv)
	}
	if err != nil {
		return nil, err
	}
	return s.record(c.Tx, inv), nil
}

func (s *Simulator) cancelInvoice(tx *ledger.Tx[*invoice], inv *invoice) error {
	repeated := s.behaviour.RepeatedCancelOK && inv.Status == cancelled
	switch {
	case repeated:
		return nil
	case !inv.open(), s.behaviour.CancelOnlyAwaiting && inv.Status != awaitingPayment:
		return &failure{http.StatusBadRequest, invalidRequest, "invoice_not_open", "Invoice is not open"}
	}
	inv.setStatus(cancelled, tx.Now)
	return tx.Save(inv)
}

// listParameters are the parameters of a list. The names of its four date filters are
// not known, so those are rejected.
var listParameters = []string{"limit", "starting_after", "ending_before", "status", "external_order_id", "customer_id", "payment_link_id"}

// admitList also expires what is due: otherwise the index by status would be outdated.
func (s *Simulator) admitList(r *http.Request) error {
	if err := admit(scopeRead)(r); err != nil {
		return err
	}
	_, err := s.ExpireDue(r.Context())
	return err
}

// list implements https://docs.meum.io/api-reference/invoices/list-invoices.
func (s *Simulator) list(c *ledger.Call[*invoice]) (any, error) {
	query, err := s.parseQuery(c.Query)
	if err != nil {
		return nil, err
	}
	data, more, err := s.page(c.Tx, query)
	if err != nil {
		return nil, err
	}
	var next *string
	if more {
		cursor := data[len(data)-1]["id"].(string)
		if s.behaviour.CursorIsUUID {
			cursor = uuidOf(cursor)
		}
		next = &cursor
	}
	return map[string]any{"data": data, "has_more": more, "next_cursor": next}, nil
}

// query is the query of a list.
type query struct {
	limit         int
	older, newer  string // the id after or before which the page starts; "" for none
	status        string
	reference     *string
	customer      string
	fromLinksOnly bool
}

func (s *Simulator) parseQuery(values url.Values) (q query, err error) {
	if q.limit, err = wire.ReadNumber(values, "limit", 1, maxLimit, defaultLimit); err != nil {
		return q, err
	}
	if q.older, err = s.cursor(values, "starting_after"); err != nil {
		return q, err
	}
	if q.newer, err = s.cursor(values, "ending_before"); err != nil {
		return q, err
	}
	if q.older != "" && q.newer != "" {
		return q, badRequest("starting_after and ending_before exclude each other")
	}
	if q.status = values.Get("status"); values.Has("status") && !slices.Contains(statuses, q.status) {
		return q, badRequest("status must be one of " + strings.Join(statuses, ", "))
	}
	if values.Has("external_order_id") {
		reference := values.Get("external_order_id")
		q.reference = &reference
	}
	if q.customer = strings.ToLower(values.Get("customer_id")); values.Has("customer_id") && !uuidForm.MatchString(q.customer) {
		return q, badRequest("customer_id must be a UUID")
	}
	if q.fromLinksOnly = values.Has("payment_link_id"); q.fromLinksOnly && !linkForm.MatchString(values.Get("payment_link_id")) {
		return q, badRequest("payment_link_id must be an id such as plink_…")
	}
	return q, nil
}

// cursor parses an id, or its UUID if next_cursor is one.
func (s *Simulator) cursor(values url.Values, name string) (id string, err error) {
	if !values.Has(name) {
		return "", nil
	}
	id = values.Get(name)
	if s.behaviour.CursorIsUUID && uuidForm.MatchString(id) {
		return idPrefix + strings.ReplaceAll(id, "-", ""), nil
	}
	if !idForm.MatchString(id) {
		return "", badRequest(name + " must be an invoice id")
	}
	return id, nil
}

// uuidOf returns the UUID that represents an id: the same digits.
func uuidOf(id string) string {
	d := strings.TrimPrefix(id, idPrefix)
	return d[:8] + "-" + d[8:12] + "-" + d[12:16] + "-" + d[16:20] + "-" + d[20:]
}
