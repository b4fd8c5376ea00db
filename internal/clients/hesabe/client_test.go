package hesabe

import (
	"context"
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
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// encodings are all ways in which a response can be wrapped.
var encodings = []sandbox.Encoding{
	sandbox.EncodingWrapped, sandbox.EncodingBare, sandbox.EncodingText, sandbox.EncodingPlain,
}

func TestLifeOfAnInvoice(t *testing.T) {
	for _, encoding := range encodings {
		for _, bare := range []bool{false, true} {
			for _, created := range []int{0, http.StatusCreated} {
				behaviour := sandbox.Behaviour{
					Encoding: encoding, DetailsWithoutEnvelope: bare, CreateStatus: created, MessageByLanguage: bare,
					RepeatCancelAccepted: bare, AllocatePayTypeList: bare, PlusInCountryCode: bare, UnpaidRowTransaction: bare,
				}
				t.Run(fmt.Sprintf("encoding %d, bare %v, HTTP %d", encoding, bare, created), func(t *testing.T) {
					testLifecycle(t, behaviour)
				})
			}
		}
	}
}

func testLifecycle(t *testing.T, behaviour sandbox.Behaviour) {
	c, server := simulated(t, behaviour)
	ctx := t.Context()
	made, err := c.Create(ctx, Spec{
		Amount: money(t, "20.5"), InvoiceType: TypeSMS, MobileNumber: "66666666", CountryCode: "+965",
		CustomerName: "أحمد <&>", CustomerEmail: "a@example.com", ReferenceNumber: "tf-1", Description: "x",
		ExpiresAt: "2099-12-31", Language: "ar", AllocatePayType: []int64{9, 1, 2, 9}, Webhook: "https://shop.example/hook",
		Items: []Item{{Title: "Dates", Rate: money(t, "4.1"), Quantity: 5, Amount: money(t, "20.5")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Get(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Token != made.Token || len(got.Token) < 20 || got.URL != made.URL || got.URL == "" || got.AccessKey == "" ||
		got.Amount.String() != "20.500" || got.ReferenceNumber != "tf-1" || got.Customer.Name != "أحمد <&>" ||
		got.Customer.PhoneNumber != "66666666" || !slices.Equal(got.PaymentMethod, []string{"1", "2", "9"}) ||
		got.ExpiresAt != "2099-12-31" || got.Language != "ar" || len(got.Products) != 1 || got.Products[0].Amount.String() != "4.100" ||
		got.ServiceCharge.String() != "0.000" || *got.VisitedCount != 0 || *got.InvoiceSubType != 0 {
		t.Errorf("%+v", got)
	}
	if age := server.Now().Sub(got.CreatedAt); age < 0 || age > time.Minute {
		t.Errorf("created %v ago", age)
	}
	now := server.Now()
	want := gateway.Facts{
		ID: made.ID, Reference: "tf-1", Status: "0", Phase: gateway.PhaseOpen,
		Amount: got.Amount, Currency: "KWD", CreatedAt: got.CreatedAt, Token: made.Token, AmountDecimals: 3,
	}
	if facts := got.Facts(now); !reflect.DeepEqual(facts, want) {
		t.Errorf("%+v", facts)
	}

	if err := clienttest.CancelError(c.Cancel(ctx, got)); err != nil {
		t.Fatal(err)
	}
	got, err = c.Get(ctx, made.ID)
	if err != nil || got.Facts(now).Phase != gateway.PhaseCanceled || got.Facts(now).Status != "3" {
		t.Errorf("%+v, %v", got, err)
	}
	again := clienttest.CancelError(c.Cancel(ctx, got))
	if behaviour.RepeatCancelAccepted != (again == nil) || again != nil && !errors.Is(again, gateway.ErrClosed) {
		t.Errorf("a second cancel: %v", again)
	}
}

func TestPaid(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	if err != nil {
		t.Fatal(err)
	}
	if made.TransactionToken() != "" || !made.PaidAt().IsZero() || made.ReferenceNumber == "" {
		t.Errorf("%+v", made)
	}
	if _, err := server.Sandbox.Trigger(t.Context(), Name, made.ID, simulator.Pay, ""); err != nil {
		t.Fatal(err)
	}
	paid, err := c.Get(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if paid.Facts(server.Now()).Phase != gateway.PhasePaid || !strings.HasPrefix(paid.TransactionToken(), demo.MerchantCode) ||
		paid.PaidAt().IsZero() || !paid.PaidAt().Equal(paid.UpdatedAt) || paid.Transaction.NetAmount.String() != "0.99" {
		t.Errorf("%+v %+v", paid, paid.Transaction)
	}
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), paid)), gateway.ErrClosed)
}

func TestExpired(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{ExpiredCancelRefused: true})
	made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	if err != nil {
		t.Fatal(err)
	}
	server.Advance(5 * 24 * time.Hour)
	got, err := c.Get(t.Context(), made.ID)
	if err != nil || got.Facts(server.Now()).Phase != gateway.PhaseExpired || got.InvoiceStatus != "0" {
		t.Errorf("%+v, %v", got, err)
	}
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), got)), gateway.ErrClosed)
	server.Behave(sandbox.Behaviour{})
	if err := clienttest.CancelError(c.Cancel(t.Context(), got)); err != nil {
		t.Error(err)
	}
}

func TestRequests(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	inv, err := c.Create(t.Context(), Spec{Amount: money(t, "20")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Create(t.Context(), Spec{
		Amount: money(t, "7.25"), InvoiceType: TypeURL, MobileNumber: "66666666", CountryCode: "965",
		CustomerName: "A & B", CustomerEmail: "a@example.com", ReferenceNumber: "R<1>", Description: "d",
		ExpiresAt: "2099-01-31", Language: "en", AllocatePayType: []int64{2, 1}, Webhook: "https://shop.example/h?a=1&b=2",
		Items: []Item{{Title: "T", Rate: money(t, "3.6250"), Quantity: 2, Amount: money(t, "7.25")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), inv.ID); err != nil {
		t.Fatal(err)
	}
	if err := clienttest.CancelError(c.Cancel(t.Context(), inv)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`POST /api/v1/invoice {"merchantCode":"842217","amount":"20.000","invoiceType":"0"}`,
		`POST /api/v1/invoice {"merchantCode":"842217","amount":"7.250","invoiceType":"0","mobileNumber":"66666666",` +
			`"customerName":"A & B","customerEmail":"a@example.com","referenceNumber":"R<1>","description":"d","expiresAt":"2099-01-31",` +
			`"language":"en","webhook":"https://shop.example/h?a=1&b=2","countryCode":"965","allocatePayType":"1,2",` +
			`"itemsList":[{"itemTitle":"T","rate":"3.625","quantity":2,"amount":"7.250"}]}`,
		`GET /api/v1/invoice/` + inv.ID + ` {"merchantCode":"842217"}`,
		`PUT /api/v1/invoice/` + inv.Token + ` {"merchantCode":"842217","statusId":"3"}`,
	}
	sent := requests(t, server)
	if len(sent) != len(want) {
		t.Fatalf("%d requests", len(sent))
	}
	for i, r := range sent {
		if r.String() != want[i] {
			t.Errorf("%s\nwant %s", r, want[i])
		}
		if r.header.Get("accessCode") != demo.AccessCode || !strings.HasPrefix(r.header.Get("Authorization"), "Bearer ey") ||
			r.header.Get("Accept") != "application/json" {
			t.Errorf("%s: headers %v", r, r.header)
		}
	}
	if all := server.Requests(Name); len(all) != len(want)+1 || string(all[0].Body) != `{"password":"Test@1234","username":"test"}` ||
		all[0].Header.Get("Authorization") != "" || all[0].Header.Get("accessCode") != "" {
		t.Errorf("%d requests, first %+v", len(all), all[0])
	}
}

func TestWhatIsNotSent(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	ctx := t.Context()
	create := func(spec Spec) error {
		_, err := c.Create(ctx, spec)
		return err
	}
	get := func(id string) error {
		_, err := c.Get(ctx, id)
		return err
	}
	one := money(t, "1")
	for name, test := range map[string]struct {
		err   error
		field string
	}{
		"no amount":              {create(Spec{}), "amount"},
		"four decimals":          {create(Spec{Amount: money(t, "1.0001")}), "amount"},
		"another type":           {create(Spec{Amount: one, InvoiceType: "mail"}), "invoiceType"},
		"rate of four decimals":  {create(Spec{Amount: one, Items: []Item{{Rate: money(t, "0.0001"), Amount: one}}}), "itemsList.0.rate"},
		"item without an amount": {create(Spec{Amount: one, Items: []Item{{Rate: one, Amount: one}, {Rate: one}}}), "itemsList.1.amount"},
		"no id":                  {get(""), "id"},
		"a token for an id":      {get("3118174834216193364264"), "id"},
		"a path for an id":       {get("1/../../x"), "id"},
		"zero":                   {get("0"), "id"},
		"leading zero":           {get("014696"), "id"},
		"invoice without token":  {clienttest.CancelError(c.Cancel(ctx, &Invoice{ID: "14696"})), "token"},
		"token that is none":     {clienttest.CancelError(c.Cancel(ctx, &Invoice{ID: "14696", Token: "../1"})), "token"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := wantKind(t, test.err, gateway.ErrInvalid)
			if len(failed.Fields) != 1 || failed.Fields[0].Field != test.field || failed.Status != 0 {
				t.Errorf("%+v", failed)
			}
		})
	}
	if sent := server.Requests(Name); len(sent) != 0 {
		t.Errorf("%d requests", len(sent))
	}
	if err := clienttest.CancelError(c.Cancel(ctx, &Invoice{ID: "14696"})); !strings.Contains(err.Error(), "14696") {
		t.Errorf("the error does not name the invoice: %v", err)
	}
}

func TestRefusedFields(t *testing.T) {
	for _, encoding := range encodings {
		for _, status := range []int{0, 200, 400, 409} {
			t.Run(fmt.Sprintf("encoding %d, HTTP %d", encoding, status), func(t *testing.T) {
				c, _ := simulated(t, sandbox.Behaviour{
					Encoding: encoding, RefusalStatus: status, MessageByLanguage: status == 400, OlderRequirements: true,
				})
				_, err := c.Create(t.Context(), Spec{Amount: money(t, "0"), InvoiceType: TypeSMS, ReferenceNumber: "R"})
				if encoding == sandbox.EncodingPlain && status == 200 {
					wantKind(t, err, gateway.ErrOutcomeUnknown) // neither encrypted nor with a status of refusals
					return
				}
				failed := wantKind(t, err, gateway.ErrInvalid)
				var fields []string
				for _, f := range failed.Fields {
					fields = append(fields, f.Field)
				}
				want := []string{"allocatePayType", "amount", "countryCode", "customerName", "expiresAt", "mobileNumber"}
				if !slices.Equal(fields, want) || failed.Fields[0].Message == "" {
					t.Errorf("fields %v of %v", failed.Fields, err)
				}
				if failed.Message != "The given data was invalid." {
					t.Errorf("message %q", failed.Message)
				}
			})
		}
	}
}

func TestUnknownInvoice(t *testing.T) {
	for _, encoding := range encodings {
		for _, form := range []sandbox.NotFound{sandbox.NotFoundMessage, sandbox.NotFoundStatus, sandbox.NotFoundEncrypted} {
			t.Run(fmt.Sprintf("encoding %d, form %d", encoding, form), func(t *testing.T) {
				c, server := simulated(t, sandbox.Behaviour{Encoding: encoding, NotFound: form, MessageByLanguage: encoding == 0})
				made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := server.Sandbox.Trigger(t.Context(), Name, made.ID, simulator.Forget, ""); err != nil {
					t.Fatal(err)
				}
				_, err = c.Get(t.Context(), made.ID)
				wantKind(t, err, gateway.ErrNotFound)
				wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), made)), gateway.ErrNotFound)
			})
		}
	}
}

func TestRefusedCancel(t *testing.T) {
	for _, encoding := range encodings {
		// The status of a refusal is not documented.
		for _, status := range []int{0, 200, 400, 401, 403, 404, 409, 500} {
			t.Run(fmt.Sprintf("encoding %d, HTTP %d", encoding, status), func(t *testing.T) {
				c, _ := simulated(t, sandbox.Behaviour{Encoding: encoding, RefusalStatus: status, MessageByLanguage: encoding == 1})
				made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
				if err != nil {
					t.Fatal(err)
				}
				if err := clienttest.CancelError(c.Cancel(t.Context(), made)); err != nil {
					t.Fatal(err)
				}
				failed := wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), made)), gateway.ErrClosed)
				if failed.Message != "Invoice status update failed" {
					t.Errorf("message %q", failed.Message)
				}
			})
		}
	}
}

func TestSecretsOfTheConfiguration(t *testing.T) {
	c, _ := newStub(t, func(w http.ResponseWriter, _ request) {
		respondWith(http.StatusBadRequest, fmt.Sprintf(`{"status":false,"message":"%s %s","response":{"amount":["%s %s access-1 refresh-1"]}}`,
			demo.Password, demo.AccessCode, demo.SecretKey, demo.IVKey))(w, request{})
	})
	_, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	failed := wantKind(t, err, gateway.ErrInvalid)
	if failed.Message != "*** ***" {
		t.Errorf("message %q", failed.Message)
	}
}

func TestSpacesAroundCodes(t *testing.T) {
	_, server := simulated(t, sandbox.Behaviour{})
	endpoint, err := transport.ParseEndpoint(server.URL(Name))
	if err != nil {
		t.Fatal(err)
	}
	creds := demo
	creds.AccessCode += "\n"
	creds.MerchantCode = " " + creds.MerchantCode
	c, err := New(creds, transport.Config{Endpoint: endpoint})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), Spec{Amount: money(t, "1")}); err != nil {
		t.Error(err)
	}
}

func TestValidateID(t *testing.T) {
	for id, valid := range map[string]bool{
		"1": true, "14696": true, "99999999999999999": true,
		"": false, "0": false, "01": false, "-1": false, "1.0": false, "1e3": false, " 1": false, "١": false,
		"841759657093983406": false, "3118174834216193364264": false, "INV-1": false,
	} {
		if err := ValidateID(id); (err == nil) != valid {
			t.Errorf("%q: %v", id, err)
		}
	}
	for token, valid := range map[string]bool{
		"841759657093983406": true, "84159548797454477963411": true, "": false, "a": false, "1/2": false, strings.Repeat("1", 65): false,
	} {
		if err := ValidateToken(token); (err == nil) != valid {
			t.Errorf("%q: %v", token, err)
		}
	}
}

// loseResponses makes the gateway process requests of a method and loses the responses to
// the first of them.
func loseResponses(server *sandboxtest.Server, method string, answers int) {
	var lost atomic.Int32
	server.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != method || strings.HasSuffix(r.URL.Path, "/login") || int(lost.Add(1)) > answers {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		})
	})
}

func TestLostResponses(t *testing.T) {
	_, server := simulated(t, sandbox.Behaviour{})
	c := newClient(t, server.URL(Name), 2)
	loseResponses(server, http.MethodPost, 1)
	since := time.Now()
	_, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "A"})
	wantKind(t, err, gateway.ErrOutcomeUnknown)
	found, err := c.FindByReference(t.Context(), "A", since)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}

	loseResponses(server, http.MethodGet, 1)
	got, err := c.Get(t.Context(), found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	// The first cancel was carried out, so the repeated one is refused.
	loseResponses(server, http.MethodPut, 1)
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), got)), gateway.ErrClosed)
	if got, err = c.Get(t.Context(), got.ID); err != nil || got.InvoiceStatus != statusIsCanceled {
		t.Errorf("%+v, %v", got, err)
	}
	var sent []string
	for _, r := range requests(t, server) {
		sent = append(sent, r.method)
	}
	if want := []string{"POST", "GET", "GET", "GET", "PUT", "PUT", "GET"}; !slices.Equal(sent, want) {
		t.Errorf("%q", sent)
	}
}

// rejecting answers requests with the first so many access tokens as a rejected
// token is, and others with a good response.
func rejecting(tokens, status int, body, good string) func(http.ResponseWriter, request) {
	return func(w http.ResponseWriter, r request) {
		var number int
		if _, err := fmt.Sscanf(r.header.Get("Authorization"), "Bearer access-%d", &number); err != nil || number <= tokens {
			respondWith(status, body)(w, r)
			return
		}
		respondWith(http.StatusOK, good)(w, r)
	}
}

// operations are one of each kind, with its request and the response that it hopes
// for.
var operations = map[string]struct {
	line, good string
	do         func(context.Context, *Client) error
}{
	"read": {readLine, goodResponse, func(ctx context.Context, c *Client) error {
		_, err := c.Get(ctx, "14696")
		return err
	}},
	"create": {createLine, goodResponse, func(ctx context.Context, c *Client) error {
		amount, err := gateway.ParseNumber("1")
		if err == nil {
			_, err = c.Create(ctx, Spec{Amount: amount})
		}
		return err
	}},
	"cancel": {"PUT /api/v1/invoice/311", `{"status":true,"message":"ok","response":null}`, func(ctx context.Context, c *Client) error {
		return clienttest.CancelError(c.Cancel(ctx, &Invoice{ID: "14696", Token: "311"}))
	}},
}

// The status of a rejected token is not documented, its body is.
func TestRejectedTokenByItsWords(t *testing.T) {
	for _, status := range []int{200, 302, 400, 401, 403, 404, 408, 422, 429, 499} {
		for _, body := range []string{
			unauthorized, `{"status":false,"message":"INVALID signature"}`, " " + unauthorized + "\n",
			`{"status":false,"message":{"ar":"توقيع","en":"Invalid Signature."},"response":null}`,
		} {
			for name, operation := range operations {
				t.Run(fmt.Sprintf("%s, HTTP %d, %s", name, status, body), func(t *testing.T) {
					c, s := newStub(t, rejecting(1, status, body, operation.good))
					if name == "create" {
						failed := wantKind(t, operation.do(t.Context(), c), gateway.ErrOutcomeUnknown)
						if !failed.Resendable || failed.Status != status || !strings.HasPrefix(strings.ToLower(failed.Message), "invalid signature") {
							t.Errorf("%+v", failed)
						}
						if err := operation.do(t.Context(), c); err != nil {
							t.Errorf("after a new login: %v", err)
						}
						wantLines(t, s, loginLine, operation.line, loginLine, operation.line)
						return
					}
					if err := operation.do(t.Context(), c); err != nil {
						t.Error(err)
					}
					wantLines(t, s, loginLine, operation.line, loginLine, operation.line)

					c, s = newStub(t, rejecting(2, status, body, operation.good))
					failed := wantKind(t, operation.do(t.Context(), c), gateway.ErrUnauthorized)
					if failed.Status != status || !strings.HasPrefix(strings.ToLower(failed.Message), "invalid signature") || failed.Operation != name+" invoice" {
						t.Errorf("%+v", failed)
					}
					wantLines(t, s, loginLine, operation.line, loginLine, operation.line)
				})
			}
		}
	}
}

// TestCreateRejectedByItsStatus: what Hesabe itself says with these statuses is
// about the token, too, and nobody says that the create was not processed.
func TestCreateRejectedByItsStatus(t *testing.T) {
	for name, test := range map[string]struct {
		status     int
		body       string
		resendable bool
		logins     int // with the one of the next create
	}{
		"401":                 {401, `{"status":false,"message":"Unauthenticated.","response":null}`, true, 2},
		"403":                 {403, `{"status":false,"message":"Forbidden","response":null}`, true, 2},
		"code 501":            {422, `{"status":false,"code":501,"message":"Invalid merchant","response":null}`, true, 2},
		"another code":        {422, `{"status":false,"code":503,"message":"Invalid service","response":null}`, false, 1},
		"a page with 401":     {401, html, false, 2},
		"a page with 403":     {403, html, false, 1},
		"another's 401":       {401, `{"message":"Unauthorized"}`, false, 2},
		"401, status is true": {401, `{"status":true,"message":"ok"}`, false, 2},
		"nothing with 401":    {401, ``, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, rejecting(1, test.status, test.body, goodResponse))
			create := operations["create"].do
			if failed := wantKind(t, create(t.Context(), c), gateway.ErrOutcomeUnknown); failed.Resendable != test.resendable {
				t.Errorf("%+v", failed)
			}
			if n := s.count(createLine); n != 1 {
				t.Errorf("%d creates", n)
			}
			_ = create(t.Context(), c)
			if n := s.count(loginLine); n != test.logins {
				t.Errorf("%d logins", n)
			}
		})
	}
}

// A request is sent again for nothing but the documented words.
func TestOtherRefusalsAreNotRejectedTokens(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
	}{
		"500":            {500, unauthorized},
		"503":            {503, unauthorized},
		"encrypted":      {422, seal32(unauthorized)},
		"wrapped":        {422, `{"response":"` + seal32(unauthorized) + `"}`},
		"a text":         {422, `"` + seal32(unauthorized) + `"`},
		"status is true": {422, `{"status":true,"message":"Invalid Signature.","response":null}`},
		"no status":      {422, `{"message":"Invalid Signature."}`},
		"status a text":  {422, `{"status":"false","message":"Invalid Signature."}`},
		"more words":     {422, `{"status":false,"message":"Invalid Signature. The amount is too high.","response":null}`},
		"fewer words":    {422, `{"status":false,"message":"Invalid","response":null}`},
		"two points":     {422, `{"status":false,"message":"Invalid Signature..","response":null}`},
		"a page":         {422, "<p>Invalid Signature.</p>"},
		"followed":       {422, unauthorized + unauthorized},
	} {
		for kind, operation := range operations {
			t.Run(name+", "+kind, func(t *testing.T) {
				c, s := newStub(t, respondWith(test.status, test.body))
				if err := operation.do(t.Context(), c); err == nil || errors.Is(err, gateway.ErrUnauthorized) {
					t.Errorf("%v", err)
				}
				wantLines(t, s, loginLine, operation.line)
			})
		}
	}
}

func TestRejectionStatusOfTheSandbox(t *testing.T) {
	for _, status := range []int{0, 200, 400, 403, 404, 422} {
		c, server := simulated(t, sandbox.Behaviour{RejectionStatus: status})
		made, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "A"})
		if err != nil {
			t.Fatal(err)
		}
		server.Advance(time.Hour) // the session ends, and the client's clock does not tell
		_, err = c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "B"})
		if failed := wantKind(t, err, gateway.ErrOutcomeUnknown); !failed.Resendable {
			t.Errorf("HTTP %d: %+v", status, failed)
		}
		if _, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "B"}); err != nil {
			t.Errorf("HTTP %d: %v", status, err)
		}
		if found := list(t, c, Filter{}); !slices.Equal(found, []string{"B", "A"}) {
			t.Errorf("HTTP %d: invoices %q", status, found)
		}
		server.Advance(time.Hour)
		if err := clienttest.CancelError(c.Cancel(t.Context(), made)); err != nil {
			t.Errorf("HTTP %d: %v", status, err)
		}
	}
}

func TestCheckAccount(t *testing.T) {
	rows := seal32(`{"status":true,"message":"Invoice Dashboard","response":{"invoices":{"data":[]}}}`)
	for name, test := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"an empty list":          {200, `{"response":"` + rows + `"}`, nil},
		"no list":                {200, seal32(`{"status":true,"message":"ok","response":{}}`), gateway.ErrUnexpected},
		"another account's keys": {200, `{"response":"` + strings.Repeat("0a", 32) + `"}`, gateway.ErrUnexpected},
		"a page":                 {200, `<html></html>`, gateway.ErrUnexpected},
		"another's JSON":         {404, `{"error":"No such app"}`, gateway.ErrUnexpected},
		"a refusal":              {403, seal32(`{"status":false,"message":"Forbidden","response":null}`), gateway.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			c, stub := newStub(t, respondWith(test.status, test.body))
			if err := c.CheckAccount(t.Context()); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if n := stub.count("GET /api/v1/invoice-dashboard"); n != 1 {
				t.Errorf("%d lists: %q", n, stub.lines())
			}
		})
	}
}

func TestCancelShowsNoInvoice(t *testing.T) {
	c, _ := newStub(t, respondWith(200, seal32(`{"status":true,"message":"Invoice status update successful","response":null}`)))
	if _, shown, err := c.Cancel(t.Context(), &Invoice{ID: "7", Token: "311"}); shown || err != nil {
		t.Errorf("%v, %v", shown, err)
	}
}

// TestSecretsInEncryptedData: an encrypted response that repeats a credential does not
// put it into the state.
func TestSecretsInEncryptedData(t *testing.T) {
	c, _ := newStub(t, respondWith(200, seal32(`{"status":true,"message":"ok","response":{"id":7,"token":"311","description":"`+demo.AccessCode+`"}}`)))
	if inv, err := c.Get(t.Context(), "7"); err != nil || inv.Description != "***" {
		t.Errorf("%+v, %v", inv, err)
	}
}
