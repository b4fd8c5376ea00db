package cryptocloud

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

const (
	maxIDs       = 100
	maxPage      = 100
	defaultLimit = 10
)

// info implements
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information. Unknown ids
// are left out of the response.
func (s *Simulator) info(r *http.Request, body *wire.Object) (any, error) {
	// Further members are accepted: public clients send shop_id.
	if err := onlyKnown(nil, r.URL.Query(), nil, nil); err != nil {
		return nil, err
	}
	ids, _, err := body.Texts("uuids")
	switch {
	case err != nil:
		return nil, refuse("uuids", "Invalid value uuids.")
	case len(ids) == 0:
		return nil, refuse("validate_error", "uuids is required")
	case len(ids) > maxIDs:
		return nil, refuse("validate_error", "Max 100 uuids")
	}

	records, err := s.find(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	if s.behaviour.InfoReversed {
		slices.Reverse(records)
	}
	if s.behaviour.InfoOf2023 {
		for i, record := range records {
			records[i] = pick(record, infoMembers2023)
		}
	}
	if s.behaviour.InfoRepeated {
		records = append(records, records...)
	}
	return success(records), nil
}

// find reads the invoices with these ids, in this order, each once.
func (s *Simulator) find(ctx context.Context, ids []string) ([]map[string]any, error) {
	records := []map[string]any{} // an empty list, not null
	err := s.View(ctx, func(tx *ledger.Tx[*invoice]) error {
		seen := map[string]bool{}
		for _, id := range ids {
			inv, err := load(tx, id)
			switch {
			case errors.Is(err, simulator.ErrNoInvoice):
			case err != nil:
				return err
			case !seen[inv.ID]:
				seen[inv.ID] = true
				records = append(records, s.listed(tx, inv))
			}
		}
		return nil
	})
	return records, err
}

// listed returns the invoice in the form of list and info.
func (s *Simulator) listed(tx *ledger.Tx[*invoice], inv *invoice) map[string]any {
	record := s.record(tx, inv)
	if s.behaviour.ZeroAmountInFiat {
		record["amount_in_fiat"] = 0
	}
	return record
}

// listResponse is the list's envelope; all_count is beside the result.
type listResponse struct {
	envelope
	AllCount *int `json:"all_count,omitempty"`
}

// list implements https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list. The
// days are in UTC, both included.
func (s *Simulator) list(r *http.Request, body *wire.Object) (any, error) {
	if err := onlyKnown(body, r.URL.Query(), []string{"start", "end", "offset", "limit"}, nil); err != nil {
		return nil, err
	}
	page, err := s.parsePage(body)
	if err != nil {
		return nil, err
	}
	records := []map[string]any{} // an empty list, not null
	resp := listResponse{}
	err = s.View(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		found, count, err := loadPage(tx, page)
		for _, inv := range found {
			records = append(records, s.listed(tx, inv))
		}
		if !s.behaviour.NoAllCount {
			resp.AllCount = &count
		}
		return err
	})
	resp.envelope = success(records)
	return resp, err
}

// page is a part of a list.
type page struct {
	from, until time.Time // of creation; until is excluded
	skip, take  int
	oldestFirst bool
}

func (s *Simulator) parsePage(body *wire.Object) (page, error) {
	wrong := problems{}
	index := func(name string, missing int64) int {
		n, given, err := body.Integer(name)
		if !given {
			n = missing
		}
		if err != nil || n < 0 || n > 1<<31-1 {
			wrong.invalid(name)
		}
		return int(n)
	}
	p := page{oldestFirst: s.behaviour.OldestFirst}
	p.from, p.until = days(body, wrong)
	p.skip, p.take = index("offset", 0), index("limit", defaultLimit)
	if s.behaviour.LimitIsEnd {
		if !body.Has("limit") {
			p.take += p.skip
		}
		p.take = max(0, p.take-p.skip)
	} else if p.take == 0 {
		wrong.invalid("limit")
	}
	if p.take > maxPage {
		wrong.invalid("limit")
	}
	return p, wrong.err()
}

// days parses the members start and end as the times that bound those days in UTC.
func days(body *wire.Object, wrong problems) (from, until time.Time) {
	day := func(name string) time.Time {
		text, given, err := body.Text(name)
		if !given {
			wrong.missing(name)
			return time.Time{}
		}
		t, badDate := time.Parse("02.01.2006", text)
		if err != nil || badDate != nil {
			wrong.invalid(name)
		}
		return t
	}
	from, until = day("start"), day("end").AddDate(0, 0, 1)
	if len(wrong) == 0 && !from.Before(until) {
		wrong["validate_error"] = "end must not be earlier than start"
	}
	return from, until
}
