package xpays

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// publishedPayment is the sample of "Cancel Payment" of https://xpays-docs.pages.dev.
const publishedPayment = `{"id":"25e2c615-c90c-4868-b24d-0c1e3b81f92e","seq_num":43,"order_id":"391","chain":"tron","network":"testnet",
"from_fiat_currency":"USD","to_crypto_currency":"USDT","amount":"2","payment_amount":2.006488233020612,"payer_paid_currency":null,
"payer_paid_amount":null,"merchant_amount":0,"txid":null,"address":"TZAiamSzmrrTz5RnP8D8B96XAR2GsUvtw1","from_address":null,
"auto_convert":false,"convert_to":"USDT","payment_url":"https://xpays.life/pay/25e2c615-c90c-4868-b24d-0c1e3b81f92e",
"url_return":"https://xpays.life/return","url_success":"https://xpays.life/success","url_failed":"https://xpays.life/failed",
"is_multiple_order":true,"lifetime":900,"expired_at":"2024-11-25T06:53:21.256Z","fee_subtract":0,"fee_percent":0.4,"discount_percent":0,
"discount_amount":0,"accuracy_percent":0.5,"additional_data":{},"support_currencies":null,"except_currencies":null,
"exchange_rate":0.9967663737499999,"exchange_rate_source":"COINGECKO","payment_status":"PAYMENT_CANCELED","payment_match_type":"EXACTLY",
"is_completed":true,"status":"CANCELED","created_at":"2024-11-25T06:38:21.260Z",
"owned_by_group":"8e393308-28a9-4a6e-a689-0d7760483c7e","agent_id":"aacc3472-f3c3-49bb-9040-d5a6aff283bf"}`

func parse(t *testing.T, raw string) *Invoice {
	t.Helper()
	o, err := transport.ParseObject([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	inv := parseInvoice(o)
	if err := o.Err(); err != nil {
		t.Fatal(err)
	}
	return inv
}

func TestPublishedPayment(t *testing.T) {
	seqNum, lifetime, yes, no := int64(43), int64(900), true, false
	want := &Invoice{
		ID: someID, SeqNum: &seqNum, OrderID: "391", Chain: "tron", Network: "testnet",
		FromFiatCurrency: "USD", ToCryptoCurrency: "USDT", Amount: money(t, "2"), PaymentAmount: money(t, "2.006488233020612"),
		MerchantAmount: money(t, "0"), Address: "TZAiamSzmrrTz5RnP8D8B96XAR2GsUvtw1", AutoConvert: &no, ConvertTo: "USDT",
		PaymentURL: "https://xpays.life/pay/" + someID,
		URLReturn:  "https://xpays.life/return", URLSuccess: "https://xpays.life/success", URLFailed: "https://xpays.life/failed",
		IsMultipleOrder: &yes, Lifetime: &lifetime, ExpiredAt: time.Date(2024, 11, 25, 6, 53, 21, 256e6, time.UTC),
		FeeSubtract: money(t, "0"), FeePercent: money(t, "0.4"), DiscountPercent: money(t, "0"), DiscountAmount: money(t, "0"),
		AccuracyPercent: money(t, "0.5"), AdditionalData: []byte("{}"), ExchangeRate: money(t, "0.9967663737499999"),
		ExchangeRateSource: "COINGECKO", PaymentStatus: "PAYMENT_CANCELED", PaymentMatchType: "EXACTLY", IsCompleted: &yes,
		Status: "CANCELED", CreatedAt: time.Date(2024, 11, 25, 6, 38, 21, 260e6, time.UTC),
		OwnedByGroup: "8e393308-28a9-4a6e-a689-0d7760483c7e", AgentID: "aacc3472-f3c3-49bb-9040-d5a6aff283bf",
	}
	got := parse(t, publishedPayment)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	facts := gateway.Facts{
		ID: someID, Reference: "391", Status: "CANCELED", Phase: gateway.PhaseCanceled,
		Amount: want.Amount, Currency: "USD", CreatedAt: want.CreatedAt,
	}
	if !reflect.DeepEqual(got.Facts(time.Now()), facts) {
		t.Errorf("%+v", got.Facts(time.Now()))
	}
}

func TestOtherSpellings(t *testing.T) {
	got := parse(t, `{"id":"x","order_id":391,"amount":2.50,"merchant_amount":"1e-7","payment_amount":1.5E+3,"exchange_rate":0.1e-9,
		"support_currencies":["USDT","TRX",null],"except_currencies":[],"additional_data":{"a":{"1":1e21}},"expired_at":"2024-11-25T07:53:21+01:00",
		"url_return":"","url_failed":null,"seq_num":"43"}`)
	if got.OrderID != "391" || got.Amount.String() != "2.50" || got.MerchantAmount.String() != "0.0000001" || got.PaymentAmount.String() != "1500" ||
		got.ExchangeRate.String() != "0.0000000001" || !slices.Equal(got.SupportCurrencies, []string{"USDT", "TRX"}) || len(got.ExceptCurrencies) != 0 ||
		string(got.AdditionalData) != `{"a":{"1":1e21}}` || !got.ExpiredAt.Equal(time.Date(2024, 11, 25, 6, 53, 21, 0, time.UTC)) || *got.SeqNum != 43 {
		t.Errorf("%+v", got)
	}
}

func TestPhases(t *testing.T) {
	deadline := time.Date(2026, 3, 1, 9, 30, 2, 477e6, time.UTC)
	before, after := deadline.Add(-time.Millisecond), deadline
	yes := true
	for _, test := range []struct {
		paymentStatus, status string
		now                   time.Time
		want                  gateway.Phase
	}{
		{"PAYMENT_CHECKING", "PENDING", before, gateway.PhaseOpen},
		{"PAYMENT_PENDING", "PENDING", before, gateway.PhaseOpen},
		{"PAYMENT_CHECKING", "PENDING", after, gateway.PhaseExpired},
		{"PAYMENT_CHECKING", "", before, gateway.PhaseOpen},
		{"", "PENDING", after, gateway.PhaseExpired},
		{"PAYMENT_PAID", "SUCCESS", after, gateway.PhasePaid},
		{"PAYMENT_PAID", "COMPLETED", after, gateway.PhasePaid},
		{"PAYMENT_PAID", "", after, gateway.PhasePaid},
		{"", "SUCCESS", before, gateway.PhasePaid},
		{"PAYMENT_CANCELED", "CANCELED", after, gateway.PhaseCanceled},
		{"", "CANCELED", before, gateway.PhaseCanceled},
		{"PAYMENT_CANCELED", "CANCELLED", after, gateway.PhaseCanceled},
		// Words that contradict each other, and words that are not documented.
		{"PAYMENT_PAID", "PENDING", before, gateway.PhaseUnknown},
		{"PAYMENT_CHECKING", "COMPLETED", before, gateway.PhaseUnknown},
		{"PAYMENT_CANCELED", "COMPLETED", before, gateway.PhaseUnknown},
		{"PAYMENT_PAID", "SETTLED", before, gateway.PhaseUnknown},
		{"PAYMENT_EXPIRED", "EXPIRED", after, gateway.PhaseUnknown},
		{"PAYMENT_CANCELLED", "CANCELLED", after, gateway.PhaseUnknown},
		{"PAYMENT_FAILED", "PENDING", after, gateway.PhaseUnknown},
		{"payment_paid", "success", after, gateway.PhaseUnknown},
		{"", "", after, gateway.PhaseUnknown},
	} {
		inv := &Invoice{PaymentStatus: test.paymentStatus, Status: test.status, ExpiredAt: deadline, IsCompleted: &yes}
		if facts := inv.Facts(test.now); facts.Phase != test.want || facts.Status != cmp.Or(test.status, test.paymentStatus) {
			t.Errorf("%s / %s: %+v, want %s", test.paymentStatus, test.status, facts, test.want)
		}
	}
	if phase := (&Invoice{Status: "PENDING"}).Facts(after).Phase; phase != gateway.PhaseOpen {
		t.Errorf("without a deadline: %s", phase)
	}
}

func TestMoneyMoved(t *testing.T) {
	for name, test := range map[string]struct {
		payment string
		moved   bool
	}{
		"unpaid":                      {`{"status":"PENDING","payment_status":"PAYMENT_CHECKING","payer_paid_amount":null,"txid":null,"merchant_amount":0}`, false},
		"amounts that say nothing":    {`{"status":"PENDING","payer_paid_currency":"THB","merchant_amount":12.5,"payer_paid_amount":0,"txid":""}`, false},
		"half of it while pending":    {`{"status":"PENDING","payer_paid_amount":6.2}`, true},
		"half of it, as text":         {`{"status":"PENDING","payer_paid_amount":"6.20"}`, true},
		"less than nothing":           {`{"status":"PENDING","payer_paid_amount":-1}`, false},
		"a transaction while pending": {`{"status":"PENDING","txid":"9f3c"}`, true},
		"no chain, pending":           {`{"status":"PENDING","txid":"0x00"}`, false},
		"no chain, paid":              {`{"status":"SUCCESS","txid":"0x00"}`, true},
		"paid":                        {`{"status":"COMPLETED","payment_status":"PAYMENT_PAID"}`, true},
		"one of the words says paid":  {`{"status":"PENDING","payment_status":"PAYMENT_PAID"}`, true},
		"canceled":                    {`{"status":"CANCELED","payment_status":"PAYMENT_CANCELED"}`, false},
		"canceled after a payment":    {`{"status":"CANCELED","payer_paid_amount":1e-7}`, true},
	} {
		if got := parse(t, test.payment).Facts(time.Now()); got.MoneyMoved != test.moved {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
