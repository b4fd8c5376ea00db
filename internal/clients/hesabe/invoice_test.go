package hesabe

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// published is the documented response, its end completed.
// https://developer.hesabe.com/docs/api/get-quick-invoice-details
const publishedInvoice = `{"id":14696,"invoice_type":1,"invoice_sub_type":3,"token":"3118174834216193364264","access_key":"9E4Y773Q","split_access_key":"","merchant_id":"3118","reference_number":"31188232353","amount":"15.000","service_charge":"0.000","payment_method":["1","2","7","9"],"discount":"0.000","description":"","sms_response":"","invoice_status":1,"subscription":null,"sms_status":0,"url_status":1,"visited_count":1,"country_id":null,"created_id":3705,"language":"en","expires_at":"2025-05-30","attachment":"","url":"https://merchantapisandbox.hesabe.com/s/9E4Y773Q","spliturl":null,"created_at":"2025-05-27 13:36:01","updated_at":"2025-05-27 13:36:32","customer":{"name":"sample","email":"","phone_number":null},"created_by_merchant":{"id":3705,"name":"sample"},"products":[null],"transaction":{"id":1190281,"amount":15,"net_amount":14.9,"commission":0.1,"admin_charge":0,"token":"8422171748342190000000001","payment_type_id":1,"service_type_id":2,"payment_transfer_status":2,"payment_status":1,"auth_status":0,"payment_card_detail":null,"refund":[]}}`

func number(n int64) *int64 { return &n }

func TestPublishedInvoice(t *testing.T) {
	got, err := readInvoice([]byte(publishedInvoice))
	if err != nil {
		t.Fatal(err)
	}
	want := &Invoice{
		ID: "14696", Token: "3118174834216193364264", AccessKey: "9E4Y773Q", MerchantID: "3118", ReferenceNumber: "31188232353",
		InvoiceType: number(1), InvoiceSubType: number(3), InvoiceStatus: "1", SMSStatus: number(0), URLStatus: number(1), VisitedCount: number(1),
		Amount: money(t, "15.000"), ServiceCharge: money(t, "0.000"), Discount: money(t, "0.000"), PaymentMethod: []string{"1", "2", "7", "9"},
		Language: "en", URL: "https://merchantapisandbox.hesabe.com/s/9E4Y773Q", CreatedID: number(3705),
		Customer: Customer{Name: "sample"}, CreatedBy: Creator{ID: number(3705), Name: "sample"},
		ExpiresAt: "2025-05-30",
		CreatedAt: time.Date(2025, 5, 27, 10, 36, 1, 0, time.UTC), UpdatedAt: time.Date(2025, 5, 27, 10, 36, 32, 0, time.UTC),
		Transaction: &Transaction{
			ID: "1190281", Token: "8422171748342190000000001", Amount: money(t, "15"), NetAmount: money(t, "14.9"),
			Commission: money(t, "0.1"), AdminCharge: money(t, "0"), PaymentTypeID: number(1), ServiceTypeID: number(2),
			PaymentTransferStatus: number(2), PaymentStatus: number(1), AuthStatus: number(0),
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if got.TransactionToken() != want.Transaction.Token || !got.PaidAt().Equal(want.UpdatedAt) {
		t.Errorf("%q, %v", got.TransactionToken(), got.PaidAt())
	}
	if facts := got.Facts(time.Now()); facts.Phase != gateway.PhasePaid || facts.Currency != "KWD" || facts.Reference != "31188232353" {
		t.Errorf("%+v", facts)
	}
}

func TestOtherSpellings(t *testing.T) {
	got, err := readInvoice([]byte(`{"id":"7","token":31181748342161933642640001,"reference_number":12349899,"amount":15,"invoice_status":"3",
		"visited_count":"4","payment_method":[1,"2",null],"expires_at":"2025-05-30 00:00:00","customer":[],"transaction":{"id":null,"token":null,"amount":null,"payment_type":"KNET"},
		"products":[{"id":1,"name":"a","amount":"1.000","quantity":2,"final_amount":2}],"sms_response":"{\"a\":1}","extra":{"x":[1]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "7" || got.Token != "31181748342161933642640001" || got.ReferenceNumber != "12349899" || !got.Amount.Equal(money(t, "15.000")) ||
		got.InvoiceStatus != "3" || *got.VisitedCount != 4 || !slices.Equal(got.PaymentMethod, []string{"1", "2"}) || got.ExpiresAt != "2025-05-30" ||
		got.Transaction != nil || got.Products[0].Quantity.String() != "2" || got.Products[0].FinalAmount.String() != "2" || got.SMSResponse != `{"a":1}` {
		t.Errorf("%+v", got)
	}
}

func TestPhases(t *testing.T) {
	before := time.Date(2025, 5, 30, 20, 59, 59, 0, time.UTC) // a second to midnight in Kuwait
	after := before.Add(time.Second)
	for name, test := range map[string]struct {
		inv  Invoice
		now  time.Time
		want gateway.Phase
	}{
		"unpaid, last second": {Invoice{InvoiceStatus: "0", ExpiresAt: "2025-05-30"}, before, gateway.PhaseOpen},
		"unpaid, too late":    {Invoice{InvoiceStatus: "0", ExpiresAt: "2025-05-30"}, after, gateway.PhaseExpired},
		"unpaid, no deadline": {Invoice{InvoiceStatus: "0"}, after, gateway.PhaseOpen},
		"paid, late":          {Invoice{InvoiceStatus: "1", ExpiresAt: "2025-05-30"}, after, gateway.PhasePaid},
		"canceled":            {Invoice{InvoiceStatus: "3", ExpiresAt: "2025-05-30"}, after, gateway.PhaseCanceled},
		"undocumented":        {Invoice{InvoiceStatus: "2", ExpiresAt: "2025-05-30"}, after, gateway.PhaseUnknown},
		"spelled otherwise":   {Invoice{InvoiceStatus: "01"}, before, gateway.PhaseUnknown},
		"missing":             {Invoice{ExpiresAt: "2025-05-30"}, after, gateway.PhaseUnknown},
	} {
		if facts := test.inv.Facts(test.now); facts.Phase != test.want || facts.Status != test.inv.InvoiceStatus {
			t.Errorf("%s: %+v", name, facts)
		} else if facts.Partial != (name == "unpaid, no deadline") {
			t.Errorf("%s: partial is %v", name, facts.Partial)
		}
	}
}

func TestPaidAtNeedsAPayment(t *testing.T) {
	changed := time.Date(2025, 5, 27, 10, 36, 32, 0, time.UTC)
	for name, inv := range map[string]*Invoice{
		"canceled":       {InvoiceStatus: "3", UpdatedAt: changed},
		"no transaction": {InvoiceStatus: "1", UpdatedAt: changed},
		"unpaid":         {InvoiceStatus: "0", UpdatedAt: changed, Transaction: &Transaction{ID: "1"}},
	} {
		if at := inv.PaidAt(); !at.IsZero() {
			t.Errorf("%s: %v", name, at)
		}
	}
}

func TestMoneyMoved(t *testing.T) {
	for name, test := range map[string]struct {
		invoice string
		moved   bool
	}{
		"unpaid":                           {`{"id":7,"invoice_status":0,"transaction":null}`, false},
		"unpaid, an empty transaction":     {`{"id":7,"invoice_status":0,"transaction":{"id":null,"payment_type":"KNET"}}`, false},
		"unpaid, a failed payment":         {`{"id":7,"invoice_status":0,"transaction":{"id":1,"amount":15,"payment_status":0}}`, false},
		"unpaid, a payment without status": {`{"id":7,"invoice_status":0,"transaction":{"id":1,"amount":15}}`, false},
		"unpaid, a successful payment":     {`{"id":7,"invoice_status":0,"transaction":{"id":1,"payment_status":1}}`, true},
		"unpaid, an authorized payment":    {`{"id":7,"invoice_status":0,"transaction":{"id":1,"payment_status":4}}`, true},
		"unpaid, a refund":                 {`{"id":7,"invoice_status":0,"transaction":{"id":1,"payment_status":2}}`, true},
		"paid":                             {`{"id":7,"invoice_status":1}`, true},
		"canceled":                         {`{"id":7,"invoice_status":3}`, false},
	} {
		inv, err := readInvoice([]byte(test.invoice))
		if got := inv.Facts(time.Now()); err != nil || got.MoneyMoved != test.moved {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTokenIsAFact(t *testing.T) {
	inv, err := readInvoice([]byte(publishedInvoice))
	if got := inv.Facts(time.Now()).Token; err != nil || got != "3118174834216193364264" {
		t.Errorf("%q, %v", got, err)
	}
}
