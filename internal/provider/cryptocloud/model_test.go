package cryptocloud

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

// TestRefreshOfAPayment: what is reported of a payment is taken, also that there
// is none, and what is not reported is kept.
func TestRefreshOfAPayment(t *testing.T) {
	finished := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	const before, now = "2026-02-01T00:00:00Z", "2026-03-01T10:00:00Z"
	tests := map[string]struct {
		status   string
		txList   []string
		finished time.Time
		prior    bool // the state has a transaction and a date
		wantList []string
		wantDate string
	}{
		"paid":                              {"paid", []string{"0x1"}, finished, false, []string{"0x1"}, now},
		"paid, and more came":               {"paid", []string{"0x0", "0x1"}, finished, true, []string{"0x0", "0x1"}, now},
		"paid, nothing reported":            {"paid", nil, time.Time{}, true, []string{"0x0"}, before},
		"partial, nothing reported":         {"partial", nil, time.Time{}, true, []string{"0x0"}, before},
		"another word, nothing reported":    {"on_hold", nil, time.Time{}, true, []string{"0x0"}, before},
		"new":                               {"created", []string{}, time.Time{}, false, []string{}, ""},
		"new, nothing reported":             {"created", nil, time.Time{}, false, []string{}, ""},
		"created again":                     {"created", []string{}, time.Time{}, true, []string{}, ""},
		"created again, nothing reported":   {"created", nil, time.Time{}, true, []string{"0x0"}, ""},
		"created, with a date all the same": {"created", []string{}, finished, true, []string{}, ""},
		"canceled":                          {"canceled", []string{}, finished, false, []string{}, now},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := reported{TxList: types.ListUnknown(types.StringType), DateFinished: types.StringUnknown()}
			if test.prior {
				r.TxList, r.DateFinished = attribute.StringListOrNull([]string{"0x0"}), attribute.StringOrNull(before)
			}
			diags := r.Refresh(t.Context(), &client.Invoice{ID: "INV-7QK2M9XD", Status: test.status, TxList: test.txList, DateFinished: test.finished})
			if diags.HasError() || !r.TxList.Equal(attribute.StringListOrNull(test.wantList)) || !r.DateFinished.Equal(attribute.StringOrNull(test.wantDate)) {
				t.Errorf("%s, %s, %v", r.TxList, r.DateFinished, diags)
			}
		})
	}
}
