package xpays

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

func TestLifeOfAnInvoice(t *testing.T) {
	for name, behaviour := range map[string]sandbox.Behaviour{
		"main reading":     {},
		"flat":             {Get: sandbox.GetFlat, EmptyURLs: true},
		"siblings":         {Get: sandbox.GetSiblings, FullEnvelope: true, SingleOrder: true},
		"error messages":   {ErrorMessages: true, RepeatCancelRefused: true},
		"other words":      {PaidIsCompleted: true, PendingPaymentStatus: "PAYMENT_PENDING", ExpiryShown: true},
		"refused cancel":   {RepeatCancelRefused: true, ExpiredCancelRefused: true},
		"nothing signed":   {NoBodySignsNothing: true},
		"window of time":   {TimestampWindow: time.Minute},
		"one pending word": {PendingPaymentStatus: "PENDING"},
	} {
		t.Run(name, func(t *testing.T) { testLifecycle(t, behaviour) })
	}
}

func testLifecycle(t *testing.T, behaviour sandbox.Behaviour) {
	c, server := simulated(t, behaviour)
	ctx := t.Context()
	spec := order(t)
	spec.AdditionalData = json.RawMessage(` { "9":"<&>", "b":1.50, "10":"\ud800" } `)
	spec.DiscountPercent = money(t, "10.0")
	spec.URLReturn, spec.URLSuccess, spec.URLFailed = "https://shop.example/?a=1&b=2", "https://shop.example/s", "https://shop.example/f"
	made, err := c.Create(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Get(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.OrderID != "A-1001" || got.Amount.String() != "12.50" || got.URLReturn != spec.URLReturn || got.PaymentURL == "" || got.Address == "" ||
		string(got.AdditionalData) != `{"9":"<&>","10":"\ud800","b":1.5}` || got.DiscountPercent.String() != "10" || *got.Lifetime != 900 ||
		got.DiscountAmount.String() != "1.25" || got.IsMultipleOrder == nil || *got.IsCompleted || got.SupportCurrencies != nil || got.TxID != "" {
		t.Errorf("%+v", got)
	}
	now := server.Now()
	want := gateway.Facts{
		ID: made.ID, Reference: "A-1001", Status: "PENDING", Phase: gateway.PhaseOpen,
		Amount: got.Amount, Currency: "USD", CreatedAt: got.CreatedAt,
	}
	if facts := got.Facts(now); !reflect.DeepEqual(facts, want) {
		t.Errorf("%+v", facts)
	}
	if made.RespondedAt.IsZero() || made.RespondedAt.Sub(got.CreatedAt).Abs() > 2*time.Second {
		t.Errorf("answered at %s", made.RespondedAt)
	}
	want.RespondedAt = made.RespondedAt
	if facts := made.Facts(now); !reflect.DeepEqual(facts, want) {
		t.Errorf("%+v", facts)
	}
	if got.ExpiredAt.Sub(got.CreatedAt) != 900*time.Second-4*time.Millisecond {
		t.Errorf("from %v to %v", got.CreatedAt, got.ExpiredAt)
	}

	if err := clienttest.CancelError(c.Cancel(ctx, got)); err != nil {
		t.Fatal(err)
	}
	got, err = c.Get(ctx, made.ID)
	if err != nil || got.Facts(now).Phase != gateway.PhaseCanceled || !*got.IsCompleted {
		t.Errorf("%+v, %v", got, err)
	}
	again := clienttest.CancelError(c.Cancel(ctx, got))
	if behaviour.RepeatCancelRefused != (again != nil) || again != nil && !errors.Is(again, gateway.ErrClosed) {
		t.Errorf("a second cancel: %v", again)
	}

	paid, err := c.Create(ctx, Spec{OrderID: "A-2", Amount: money(t, "3"), FromFiatCurrency: "EUR", ToCryptoCurrency: "BTC", Chain: "bitcoin"})
	if err != nil {
		t.Fatal(err)
	}
	if paid.URLReturn != "" || string(paid.AdditionalData) != "{}" {
		t.Errorf("%+v", paid)
	}
	if _, err := server.Sandbox.Trigger(ctx, Name, paid.ID, simulator.Pay, ""); err != nil {
		t.Fatal(err)
	}
	paid, err = c.Get(ctx, paid.ID)
	if err != nil || paid.Facts(now).Phase != gateway.PhasePaid || paid.TxID == "" || !paid.PayerPaidAmount.Equal(paid.PaymentAmount) {
		t.Errorf("%+v, %v", paid, err)
	}
	wantKind(t, clienttest.CancelError(c.Cancel(ctx, paid)), gateway.ErrClosed)
}

func TestExpired(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour sandbox.Behaviour
		want      gateway.Phase
		refused   bool
	}{
		"known from the clock": {sandbox.Behaviour{}, gateway.PhaseExpired, false},
		"not cancelable":       {sandbox.Behaviour{ExpiredCancelRefused: true, ErrorMessages: true}, gateway.PhaseExpired, true},
		"unknown word":         {sandbox.Behaviour{ExpiryShown: true, ExpiredCancelRefused: true}, gateway.PhaseUnknown, true},
	} {
		t.Run(name, func(t *testing.T) {
			c, server := simulated(t, test.behaviour)
			made, err := c.Create(t.Context(), order(t))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := server.Sandbox.Trigger(t.Context(), Name, made.ID, simulator.Expire, ""); err != nil {
				t.Fatal(err)
			}
			got, err := c.Get(t.Context(), made.ID)
			if err != nil || got.Facts(server.Now()).Phase != test.want {
				t.Errorf("%+v, %v", got, err)
			}
			err = clienttest.CancelError(c.Cancel(t.Context(), got))
			if test.refused {
				wantKind(t, err, gateway.ErrClosed)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPaidOtherAmounts(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	for event, want := range map[simulator.Event]gateway.Phase{
		simulator.Underpay: gateway.PhaseOpen,
		simulator.Overpay:  gateway.PhasePaid,
		simulator.Cancel:   gateway.PhaseCanceled,
	} {
		made, err := c.Create(t.Context(), order(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Sandbox.Trigger(t.Context(), Name, made.ID, event, ""); err != nil {
			t.Fatal(err)
		}
		got, err := c.Get(t.Context(), made.ID)
		if err != nil || got.Facts(server.Now()).Phase != want {
			t.Errorf("%s: %+v, %v", event, got, err)
		}
	}
}

func TestRequests(t *testing.T) {
	c, s := newStub(t, func(w http.ResponseWriter, r request) {
		respondWith(http.StatusOK, `{"data":{"id":"`+someID+`","order_id":391}}`)(w, r)
	})
	ctx := t.Context()
	spec := order(t)
	spec.OrderID = "391"
	if _, err := c.Create(ctx, spec); err != nil {
		t.Fatal(err)
	}
	spec.AdditionalData = json.RawMessage(`{"z":[1.0,{"b":"\u2028<","2":null}],"1":1e21}`)
	spec.DiscountPercent = money(t, "0.50")
	spec.URLReturn, spec.URLSuccess, spec.URLFailed = "https://r.example/?a&b", "https://s.example", "https://f.example/ü"
	if _, err := c.Create(ctx, spec); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(ctx, someID); err != nil {
		t.Fatal(err)
	}
	if err := clienttest.CancelError(c.Cancel(ctx, &Invoice{ID: someID})); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`POST /v1/payment/createInvoicePayment {"amount":"12.50","chain":"tron","from_fiat_currency":"USD","order_id":"391","to_crypto_currency":"USDT"}`,
		`POST /v1/payment/createInvoicePayment {"additional_data":{"1":1e+21,"z":[1,{"2":null,"b":"` + "\u2028" + `<"}]},"amount":"12.50","chain":"tron",` +
			`"discount_percent":0.5,"from_fiat_currency":"USD","order_id":"391","to_crypto_currency":"USDT","url_failed":"https://f.example/ü",` +
			`"url_return":"https://r.example/?a&b","url_success":"https://s.example"}`,
		`GET /v1/payment/info?id=` + someID,
		`POST /v1/payment/cancel {"id":"` + someID + `"}`,
	}
	sent := s.requests()
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	for _, r := range sent {
		r.checkSignature(t, `""`)
	}
}

func TestWhatIsNotSent(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, "{}"))
	for name, change := range map[string]func(*Spec){
		"amount":           func(s *Spec) { s.Amount = gateway.Money{} },
		"discount_percent": func(s *Spec) { s.DiscountPercent = money(t, "1.00000000000000000001") },
		"additional_data":  func(s *Spec) { s.AdditionalData = json.RawMessage(`{"n":12345678901234567890}`) },
	} {
		spec := order(t)
		change(&spec)
		_, err := c.Create(t.Context(), spec)
		if failed := wantKind(t, err, gateway.ErrInvalid); failed.Fields[0].Field != name {
			t.Errorf("%s: %v", name, failed)
		}
	}
	for _, data := range []string{`[]`, `"x"`, `null`, ``, `{"a":1,"a":1}`} {
		spec := order(t)
		spec.AdditionalData = json.RawMessage(data)
		_, err := c.Create(t.Context(), spec)
		wantKind(t, err, gateway.ErrInvalid)
	}
	for _, id := range []string{"", " ", "a b", "a\nb", "a\x00", "\xff", "a\u00a0b", "a\u200bb", strings.Repeat("x", 129)} {
		_, err := c.Get(t.Context(), id)
		wantKind(t, err, gateway.ErrInvalid)
		wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: id})), gateway.ErrInvalid)
	}
	if got := s.lines(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestUnknownInvoice(t *testing.T) {
	for _, messages := range []bool{false, true} {
		c, server := simulated(t, sandbox.Behaviour{ErrorMessages: messages})
		made, err := c.Create(t.Context(), order(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Sandbox.Trigger(t.Context(), Name, made.ID, simulator.Forget, ""); err != nil {
			t.Fatal(err)
		}
		_, err = c.Get(t.Context(), made.ID)
		if failed := wantKind(t, err, gateway.ErrNotFound); failed.Message != "Payment not found" {
			t.Errorf("%+v", failed)
		}
		wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), made)), gateway.ErrNotFound)

		// A wrong address has a 404 as well, with the same form of error.
		elsewhere := newClient(t, demo, server.URL(Name)+"/api", 0)
		_, err = elsewhere.Get(t.Context(), made.ID)
		wantKind(t, err, gateway.ErrUnexpected)
		wantKind(t, clienttest.CancelError(elsewhere.Cancel(t.Context(), made)), gateway.ErrUnexpected)
		_, err = elsewhere.Create(t.Context(), order(t))
		wantKind(t, err, gateway.ErrOutcomeUnknown)
	}
}

func TestRepeatedOrder(t *testing.T) {
	for _, messages := range []bool{false, true} {
		c, server := simulated(t, sandbox.Behaviour{RepeatedOrder: sandbox.RepeatedOrderConflict, ErrorMessages: messages})
		first, err := c.Create(t.Context(), order(t))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Create(t.Context(), order(t))
		failed := wantKind(t, err, gateway.ErrInvalid)
		if failed.Status != http.StatusConflict || failed.Message != "Duplicate order_id" || len(failed.Fields) != 1 ||
			failed.Fields[0].Field != "order_id" || !strings.Contains(failed.Fields[0].Message, `"A-1001"`) {
			t.Errorf("%+v", failed)
		}
		server.Behave(sandbox.Behaviour{RepeatedOrder: sandbox.RepeatedOrderExisting})
		if again, err := c.Create(t.Context(), order(t)); err != nil || again.ID != first.ID {
			t.Errorf("%+v, %v", again, err)
		}
		server.Behave(sandbox.Behaviour{})
		if other, err := c.Create(t.Context(), order(t)); err != nil || other.ID == first.ID {
			t.Errorf("%+v, %v", other, err)
		}
	}
}

// Every text that HCL can hold arrives as it is, under a signature that the
// simulated server checks against what it parsed.
func TestTextsSurvive(t *testing.T) {
	c, _ := simulated(t, sandbox.Behaviour{})
	for i, text := range []string{"<a href='x'>&</a>", "\u2028\u2029", "\x00\x01\b\f\x1f\x7f", "\"\\/", "é😀أ", "\ufffd\ufeff", "a\r\n\tb"} {
		spec := order(t)
		spec.OrderID = fmt.Sprintf("%d%s", i, text)
		data, err := json.Marshal(map[string]any{"text": text, text: 1, "7": []any{0.1, 1e21, -2}})
		if err != nil {
			t.Fatal(err)
		}
		spec.AdditionalData = data
		made, err := c.Create(t.Context(), spec)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got struct{ Text string }
		if err := json.Unmarshal(made.AdditionalData, &got); err != nil || got.Text != text || made.OrderID != spec.OrderID {
			t.Errorf("%q: %s, %v", text, made.AdditionalData, err)
		}
	}
}

// loseResponses makes the gateway process a request and loses the response to the first.
func loseResponses(server *sandboxtest.Server, path string) {
	var lost atomic.Bool
	server.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, path) || lost.Swap(true) {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		})
	})
}

func TestLostResponses(t *testing.T) {
	_, server := simulated(t, sandbox.Behaviour{RepeatCancelRefused: true})
	c := newClient(t, demo, server.URL(Name), 2)
	loseResponses(server, "/createInvoicePayment")
	_, err := c.Create(t.Context(), order(t))
	wantKind(t, err, gateway.ErrOutcomeUnknown)
	if got := len(server.Requests(Name)); got != 1 {
		t.Errorf("%d creates", got)
	}
	made, err := c.Create(t.Context(), order(t))
	if err != nil {
		t.Fatal(err)
	}
	loseResponses(server, "/info")
	if _, err := c.Get(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
	// The first cancel was carried out, so the repeated one is refused.
	loseResponses(server, "/cancel")
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), made)), gateway.ErrClosed)
	var paths []string
	for _, r := range server.Requests(Name) {
		paths = append(paths, strings.TrimPrefix(r.Path, "/v1/payment/"))
	}
	if want := []string{"createInvoicePayment", "createInvoicePayment", "info", "info", "cancel", "cancel"}; !slices.Equal(paths, want) {
		t.Errorf("%q", paths)
	}
}

func TestManyAtOnce(t *testing.T) {
	c, _ := simulated(t, sandbox.Behaviour{NoBodySignsNothing: true})
	failures := make(chan error)
	for i := range 20 {
		go func() {
			spec := order(t)
			spec.OrderID = fmt.Sprint(i)
			made, err := c.Create(t.Context(), spec)
			if err == nil {
				_, err = c.Get(t.Context(), made.ID)
			}
			failures <- err
		}()
	}
	for range 20 {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

func TestCancelShowsThePayment(t *testing.T) {
	for name, test := range map[string]struct {
		body  string
		shown bool
	}{
		"whole":           {`{"data":{"id":"` + someID + `","amount":"2","status":"CANCELED","payment_status":"PAYMENT_CANCELED"}}`, true},
		"one status":      {`{"data":{"id":"` + someID + `","amount":"2","payment_status":"PAYMENT_CANCELED"}}`, true},
		"without status":  {`{"data":{"id":"` + someID + `","amount":"2","status":null}}`, false},
		"a sister's part": {`{"data":{"id":"` + someID + `","status":"CANCELLED","payment_status":"PAYMENT_CANCELED","cancelled_at":"2026-03-01T09:15:02Z"}}`, false},
	} {
		c, _ := newStub(t, respondWith(http.StatusOK, test.body))
		answer, shown, err := c.Cancel(t.Context(), &Invoice{ID: someID})
		if err != nil || shown != test.shown || answer.ID != someID {
			t.Errorf("%s: %+v, %v, %v", name, answer, shown, err)
		}
	}
}
