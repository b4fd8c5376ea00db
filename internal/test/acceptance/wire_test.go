package acceptance

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// wire is what a gateway's requests look like.
type wire struct {
	// headers are those of every request but a login, besides the usual ones.
	headers map[string]*regexp.Regexp
	// life are the requests of an invoice with all arguments, one after
	// another, from create to destroy. ID and TOKEN stand for the invoice's.
	life []wireRequest
	// payload reads what is encrypted: all requests but a login. It is nil
	// where nothing is.
	payload func(t *testing.T, r sandboxtest.Request) string
	// check looks at what else a request must have; nil where there is nothing.
	check func(t *testing.T, s *providertest.Stage, r sandboxtest.Request)
	// amount is how an amount stands in the JSON of a create.
	amount func(text string) string
}

// wireRequest is one request: its query and its body are exactly these.
type wireRequest struct{ request, query, body string }

// usual are the headers of an HTTP client, and that there is a body.
var usual = map[string]*regexp.Regexp{
	"User-Agent":      regexp.MustCompile(`^terraform-provider-payinvoice/test Terraform/[0-9]+\.[0-9]+\.[0-9]+`),
	"Accept":          regexp.MustCompile(`^application/json$`),
	"Accept-Encoding": regexp.MustCompile(`^gzip$`),
}

var ofBody = map[string]*regexp.Regexp{
	"Content-Type":   regexp.MustCompile(`^application/json$`),
	"Content-Length": regexp.MustCompile(`^[1-9][0-9]*$`),
}

func exactly(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(text) + "$")
}

var wires = map[string]wire{
	"cryptocloud": {
		headers: map[string]*regexp.Regexp{"Authorization": exactly("Token " + cryptocloud.APIKey)},
		life: []wireRequest{
			{"POST /v2/invoice/create", "locale=ru", `{
				"shop_id": "AnotherShop00001", "amount": 25.50, "currency": "EUR", "order_id": "order it", "email": "payer@example.com",
				"add_fields": {
					"time_to_pay": {"hours": 1, "minutes": 30}, "available_currencies": ["BTC", "USDT_TRC20"],
					"cryptocurrency": "USDT_TRC20", "email_to_send": "books@example.com", "period": "month"
				}
			}`},
			{"POST /v2/invoice/merchant/info", "", `{"uuids": ["ID"]}`},
			{"POST /v2/invoice/merchant/canceled", "", `{"uuid": "ID"}`},
		},
		amount: func(text string) string { return text },
	},
	"hesabe": {
		headers: map[string]*regexp.Regexp{
			"Authorization": regexp.MustCompile(`^Bearer [-_.A-Za-z0-9]+$`),
			"Accesscode":    exactly(hesabe.AccessCode),
			"Content-Type":  exactly("application/json"),
		},
		life: []wireRequest{
			{"POST /api/v1/login", "", `{"username": "test", "password": "Test@1234"}`},
			{"GET /api/v1/invoice-dashboard", "fromDate=FROM&page=1&search=order+it&toDate=TO", `{"merchantCode": "842217"}`},
			{"POST /api/v1/invoice", "", `{
				"merchantCode": "842217", "amount": "20.250", "invoiceType": "1", "mobileNumber": "66666666", "countryCode": "965",
				"customerName": "A. Customer", "customerEmail": "payer@example.com", "referenceNumber": "order it", "description": "Two books",
				"expiresAt": "2099-03-01", "language": "ar", "allocatePayType": "1,7", "webhook": "https://shop.example/hook",
				"itemsList": [{"itemTitle": "Book", "rate": "10.125", "quantity": 2, "amount": "20.250"}]
			}`},
			{"GET /api/v1/invoice/ID", "", `{"merchantCode": "842217"}`},
			{"PUT /api/v1/invoice/TOKEN", "", `{"merchantCode": "842217", "statusId": "3"}`},
		},
		payload: unseal,
		amount: func(text string) string {
			whole, fraction, _ := strings.Cut(text, ".")
			return fmt.Sprintf("%q", whole+"."+(fraction + "000")[:3])
		},
	},
	"xpays": {
		headers: map[string]*regexp.Regexp{
			"X-Api-Key":   exactly(xpays.APIKey),
			"X-Timestamp": regexp.MustCompile(`^[0-9]{13}$`),
			"X-Signature": regexp.MustCompile(`^[0-9a-f]{64}$`),
		},
		life: []wireRequest{
			{"POST /v1/payment/createInvoicePayment", "", `{
				"order_id": "order it", "amount": "12.50", "from_fiat_currency": "USD", "to_crypto_currency": "USDT", "chain": "tron",
				"additional_data": {"cart": [1, 2], "text": "<é>", "fee": 1e-7}, "discount_percent": 2.5, "url_return": "https://shop.example/return",
				"url_success": "https://shop.example/success", "url_failed": "https://shop.example/failed"
			}`},
			{"GET /v1/payment/info", "id=ID", ""},
			{"POST /v1/payment/cancel", "", `{"id": "ID"}`},
		},
		check:  checkSignature,
		amount: func(text string) string { return fmt.Sprintf("%q", text) },
	},
	"meum": {
		headers: map[string]*regexp.Regexp{"Authorization": exactly("Bearer " + meum.APIKey)},
		life: []wireRequest{
			{"GET /v1/invoices", "external_order_id=order+it&limit=100", ""},
			{"POST /v1/invoices", "", `{
				"amount": "25.50", "currency": "EUR", "external_order_id": "order it", "store_id": "00000000-5a4d-4b00-8000-000000000001",
				"integration_id": "00000000-5a4d-4b00-8000-000000000003", "callback_url": "https://shop.example/hook",
				"return_url": "https://shop.example/return", "metadata": {"cart": [1, 2], "text": "<é>"}
			}`},
			{"GET /v1/invoices/ID", "", ""},
			{"POST /v1/invoices/ID/cancel", "", ""},
		},
		amount: func(text string) string { return fmt.Sprintf("%q", text) },
	},
}

// TestWire compares every request in the life of an invoice with what the
// gateway documents, to the last header.
func TestWire(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		want := wires[g.Name]
		s := providertest.NewStage(t)
		w := s.Workspace(g.resource("it", g.all()))
		w.Apply().IsSilent()
		it := w.Resource(g.address("it"))
		w.Destroy().IsSilent()

		placeholders := strings.NewReplacer("ID", it.Text("id"), "TOKEN", it.Text("token"), "FROM", kuwaitDay(-10*time.Minute, -1), "TO", kuwaitDay(0, 1))
		seen := map[string]bool{}
		for _, r := range s.Requests(g.Name) {
			line := r.Method + " " + r.Path
			i := slices.IndexFunc(want.life, func(d wireRequest) bool { return placeholders.Replace(d.request) == line })
			if i < 0 {
				t.Errorf("the request %s is not expected", line)
				continue
			}
			seen[want.life[i].request] = true
			expectHeaders(t, g, line, r, want.headers)
			query, body := r.Query, string(r.Body)
			if want.payload != nil && line != g.Requests.Login {
				body, query = want.payload(t, r), url.Values{}
				if r.Method == "GET" {
					query = maps.Clone(r.Query)
					query.Del("data")
				}
			}
			if wanted := placeholders.Replace(want.life[i].query); query.Encode() != wanted {
				t.Errorf("%s has the query %s, not %s", line, query.Encode(), wanted)
			}
			expectJSON(t, line, body, placeholders.Replace(want.life[i].body))
			if want.check != nil {
				want.check(t, s, r)
			}
		}
		for _, d := range want.life {
			if !seen[d.request] {
				t.Errorf("there was no %s", d.request)
			}
		}
	})
}

// kuwaitDay is the day in Kuwait so long from now, and so many days from that.
func kuwaitDay(from time.Duration, days int) string {
	return time.Now().Add(from).In(time.FixedZone("", 3*60*60)).AddDate(0, 0, days).Format(time.DateOnly)
}

func expectHeaders(t *testing.T, g specimen, line string, r sandboxtest.Request, own map[string]*regexp.Regexp) {
	t.Helper()
	want := maps.Clone(usual)
	if line != g.Requests.Login {
		maps.Copy(want, own)
	}
	if len(r.Body) > 0 {
		maps.Copy(want, ofBody)
	} else if r.Method == "POST" {
		want["Content-Length"] = exactly("0")
	}
	for name, values := range r.Header {
		if form, ok := want[name]; !ok || len(values) != 1 || !form.MatchString(values[0]) {
			t.Errorf("%s has the header %s: %q", line, name, values)
		}
	}
	for name := range want {
		if r.Header.Get(name) == "" {
			t.Errorf("%s has no header %s", line, name)
		}
	}
}

// expectJSON compares JSON, in which numbers must have the same digits.
func expectJSON(t *testing.T, line, got, want string) {
	t.Helper()
	if want == "" {
		if got != "" {
			t.Errorf("%s has the body %s", line, got)
		}
		return
	}
	if !reflect.DeepEqual(jsonValue(t, got), jsonValue(t, want)) {
		t.Errorf("%s has the body\n%s\nnot\n%s", line, got, want)
	}
}

func jsonValue(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return value
}

// unseal decrypts what Hesabe is sent: AES-256-CBC, in hex, in the parameter
// data of a GET and the member data of any other body.
func unseal(t *testing.T, r sandboxtest.Request) string {
	t.Helper()
	sealed := r.Query
	if r.Method != "GET" {
		var body map[string]string
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		sealed = url.Values{}
		for name, value := range body {
			sealed.Set(name, value)
		}
	}
	if len(sealed) != 1 && r.Method != "GET" {
		t.Fatalf("%s %s has more than data: %q", r.Method, r.Path, sealed)
	}
	text, err := hex.DecodeString(sealed.Get("data"))
	if err != nil || len(text) == 0 || sealed.Get("data") != strings.ToLower(sealed.Get("data")) {
		t.Fatalf("%s %s: data is %q", r.Method, r.Path, sealed.Get("data"))
	}
	block, err := aes.NewCipher([]byte(hesabe.SecretKey))
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCDecrypter(block, []byte(hesabe.IVKey)).CryptBlocks(text, text)
	padding := int(text[len(text)-1])
	return string(text[:len(text)-padding])
}

// checkSignature computes the signature of a request to XPays.
func checkSignature(t *testing.T, s *providertest.Stage, r sandboxtest.Request) {
	t.Helper()
	address, body := s.URL("xpays")+r.Path, string(r.Body)
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	if body == "" {
		body = `""`
	}
	signed := hmac.New(sha256.New, []byte(xpays.SecretKey))
	fmt.Fprintf(signed, "%s|%s|%s|%s", r.Header.Get("X-Timestamp"), r.Method, address, body)
	if want := hex.EncodeToString(signed.Sum(nil)); r.Header.Get("X-Signature") != want {
		t.Errorf("%s %s has another signature than %s", r.Method, r.Path, want)
	}
}

// TestWireAmounts sends amounts digit for digit, and as the JSON type that the
// gateway documents. None passes through a binary number.
func TestWireAmounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		texts := []string{"0.1", "0.3", "10", "99999999.99", "12345678.901", "1000000000000000.001"}
		if g.Name != "hesabe" { // it has three decimals
			texts = append(texts, "0.000001", "0.000000000000000001", "9007199254740993", "123456789012.345678901")
		}
		s := providertest.NewStage(t)
		var config strings.Builder
		want := map[string]int{}
		for i, text := range texts {
			config.WriteString(g.resource(fmt.Sprint("text", i), g.fewest().with("amount", fmt.Sprintf("%q", text))))
			config.WriteString(g.resource(fmt.Sprint("number", i), g.fewest().with("amount", text)))
			want[wires[g.Name].amount(text)] += 2
		}
		w := s.Workspace(config.String())
		w.Apply().Succeeds() // and warns about decimals
		got := map[string]int{}
		for _, r := range s.Requests(g.Name) {
			if !is(r.Method, r.Path, g.Requests.Create) {
				continue
			}
			body := string(r.Body)
			if unseal := wires[g.Name].payload; unseal != nil {
				body = unseal(t, r)
			}
			var members map[string]json.RawMessage
			if err := json.Unmarshal([]byte(body), &members); err != nil {
				t.Fatal(err)
			}
			got[string(bytes.TrimSpace(members["amount"]))]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("amounts on the wire: %v, not %v", got, want)
		}
		state := w.State()
		for i, text := range texts {
			for _, name := range []string{"text", "number"} {
				if amount := state[g.address(fmt.Sprint(name, i))].Text("amount"); amount != text {
					t.Errorf("the amount %s is %s in state", text, amount)
				}
			}
		}
		w.Plan().IsEmpty()
	})
}
