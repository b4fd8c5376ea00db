package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

var button = regexp.MustCompile(`<button[^>]* data-testid="([a-z-]+)"`)

// buttons are the test ids of a page's buttons.
func buttons(page string) (names []string) {
	for _, found := range button.FindAllStringSubmatch(page, -1) {
		names = append(names, found[1])
	}
	return names
}

// press submits a payment page's form as a browser does.
func (s *testServer) press(invoice merchant.Invoice, event string) result {
	s.T.Helper()
	return s.submit("/"+invoice.Gateway+"/pay/"+invoice.ID, "event="+event)
}

func (s *testServer) submit(path, form string) result {
	s.T.Helper()
	return s.send(http.MethodPost, path, form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", s.Base)
	})
}

func TestPaymentPage(t *testing.T) {
	for _, c := range []struct {
		gateway string
		fields  object
		buttons []string
		shows   []string // while it is open
		event   string
		after   []string
		left    []string // buttons after the event
	}{
		{
			"cryptocloud", object{"currency": "EUR"}, []string{"pay", "underpay", "overpay", "expire", "cancel"},
			[]string{"25 <span>EUR</span>", "CryptoCloud", "created", "No money moves"},
			"underpay", []string{"Underpaid", "less than the amount"}, []string{"pay", "overpay"},
		},
		{
			"hesabe", object{"language": "ar", "description": "<b>Tea</b>"}, []string{"pay", "expire", "cancel"},
			[]string{`lang="ar" dir="rtl"`, "12.500 <span>KWD</span>", "&lt;b&gt;Tea&lt;/b&gt;", "هذا اختبار"},
			"pay", []string{"مدفوعة", "تم دفع الفاتورة"}, nil,
		},
		{
			"meum", object{"return_url": "https://shop.example/back?a=1&b=2"}, []string{"pay", "underpay", "overpay", "expire", "cancel", "fail"},
			[]string{"100.00 <span>USD</span>", "awaiting_payment", "No deadline"},
			"fail", []string{"Failed", "nothing more for the payer to do", `data-testid="return" href="https://shop.example/back?a=1&amp;b=2"`}, nil,
		},
		{
			"xpays", object{"url_success": "https://shop.example/thanks", "url_failed": "https://shop.example/sorry"},
			[]string{"pay", "underpay", "overpay", "expire", "cancel"},
			[]string{"2 <span>USD</span>", `<svg class="qr" role="img" aria-label="QR code of the address"`, "USDT", `data-left="`},
			"cancel", []string{"Canceled", `data-testid="return" href="https://shop.example/sorry"`}, nil,
		},
		{
			"xpays", object{"url_success": "https://shop.example/thanks"}, []string{"pay", "underpay", "overpay", "expire", "cancel"}, nil,
			"pay", []string{"Paid", `data-testid="return" href="https://shop.example/thanks"`}, nil,
		},
		{
			"xpays", object{"url_return": "javascript:alert(1)"}, []string{"pay", "underpay", "overpay", "expire", "cancel"}, nil,
			"expire", []string{"Expired"}, []string{"cancel"},
		},
	} {
		t.Run(c.gateway+"/"+c.event, func(t *testing.T) {
			s := start(t, nil)
			invoice := s.Create(c.gateway, "order-1", c.fields)
			path := strings.TrimPrefix(invoice.CheckoutURL, s.Base)
			open := s.get(path)
			if got := buttons(open.body); open.status != 200 || !slices.Equal(got, c.buttons) {
				t.Errorf("%d, the buttons are %q", open.status, got)
			}
			for _, part := range append(c.shows, "order-1") {
				if !strings.Contains(open.body, part) {
					t.Errorf("%q is missing from\n%s", part, open.body)
				}
			}
			if strings.Contains(open.body, `data-testid="return"`) {
				t.Error("it leads back to the merchant before anything has happened")
			}
			state := s.get(path + "/state").body
			if !strings.Contains(open.body, `data-state="`+state+`"`) {
				t.Errorf("the state is %q", state)
			}

			done := s.press(invoice, c.event)
			if done.status != http.StatusSeeOther || done.header.Get("Location") != path {
				t.Fatalf("%d %v %s", done.status, done.header, done.body)
			}
			closed := s.get(path)
			for _, part := range c.after {
				if !strings.Contains(closed.body, part) {
					t.Errorf("%q is missing from\n%s", part, closed.body)
				}
			}
			if got := buttons(closed.body); !slices.Equal(got, c.left) {
				t.Errorf("the buttons are %q", got)
			}
			if strings.Contains(closed.body, "javascript:") {
				t.Error("it leads to a script")
			}
			if s.get(path+"/state").body == state {
				t.Error("the state has not changed")
			}

			// The same again is refused, and changes nothing.
			if again := s.press(invoice, "pay"); !slices.Contains(c.left, "pay") && (again.status != http.StatusConflict || !strings.Contains(again.body, `role="alert"`)) {
				t.Errorf("%d %s", again.status, again.body)
			}
		})
	}
}

func TestPaymentPageRefuses(t *testing.T) {
	s := start(t, nil)
	invoice := s.Create("meum", "order-1", nil)
	path := "/meum/pay/" + invoice.ID
	for name, c := range map[string]struct {
		got    result
		status int
	}{
		"an event of the start page only": {s.press(invoice, "forget"), 422},
		"no event":                        {s.submit(path, ""), 422},
		"no form":                         {s.send(http.MethodPost, path, `{"event":"pay"}`, nil), 415},
		"a broken form":                   {s.submit(path, "event=%zz"), 422},
		"another method":                  {s.send(http.MethodDelete, path, "", nil), 405},
		"an unknown invoice":              {s.submit("/meum/pay/inv_unknown", "event=pay"), 404},
		"the state of none":               {s.get("/meum/pay/inv_unknown/state"), 404},
	} {
		if c.got.status != c.status || !strings.HasPrefix(c.got.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", name, c.got.status, c.got.body)
		}
	}
	if status := s.Status(invoice); status != "awaiting_payment" {
		t.Errorf("something has happened: %s", status)
	}
}

// TestPagesLoadNothingElsewhere: no page, style sheet or script names another
// site, and every page has the headers that forbid it.
func TestPagesLoadNothingElsewhere(t *testing.T) {
	s := start(t, nil)
	invoice := s.Create("xpays", "order-1", nil)
	for _, path := range []string{"/", "/xpays/pay/" + invoice.ID, "/nowhere", "/_sandbox/assets/style.css", "/_sandbox/assets/pay.js", "/_sandbox/assets/icon.svg"} {
		got := s.get(path)
		if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, got.header)
		}
		body := strings.ReplaceAll(strings.ReplaceAll(got.body, s.Base, ""), `xmlns="http://www.w3.org/2000/svg"`, "")
		if strings.Contains(body, "http://") || strings.Contains(body, "https://") || strings.Contains(body, " style=") || strings.Contains(body, "<style") {
			t.Errorf("%s:\n%s", path, got.body)
		}
	}
}

func TestStartPage(t *testing.T) {
	s, receiver := start(t, nil), merchant.NewReceiver(t)
	if got := s.get("/"); got.status != 200 || !strings.Contains(got.body, "There are no invoices yet") || !strings.Contains(got.body, "No webhook has been sent") {
		t.Errorf("of an empty sandbox: %d %s", got.status, got.body)
	}
	s.setWebhooks(receiver, "")
	meum := s.Create("meum", "order-of-meum", nil)
	hesabe := s.Create("hesabe", "<order> of hesabe", nil)
	receiver.Wait(t, 1)
	delivery := s.delivery(meum, "delivered")

	all := s.get("/").body
	for _, part := range []string{
		"order-of-meum", "&lt;order&gt; of hesabe", `href="/meum/pay/` + meum.ID + `"`, `href="/hesabe/pay/` + hesabe.ID + `"`,
		"invoice.created", "HTTP 200", receiver.URL + "/meum", `value="forget"`,
	} {
		if !strings.Contains(all, part) {
			t.Errorf("%q is missing from\n%s", part, all)
		}
	}
	if strings.Contains(all, `value="refund"`) {
		t.Error("it offers what cannot happen")
	}
	for query, only := range map[string]string{"?gateway=meum": "order-of-meum", "?gateway=hesabe&phase=open": "of hesabe", "?phase=paid": ""} {
		body := s.get("/" + query).body
		for _, reference := range []string{"order-of-meum", "of hesabe"} {
			if strings.Contains(body, reference) != (reference == only) {
				t.Errorf("%s: %q\n%s", query, reference, body)
			}
		}
	}

	// Its buttons, and back to the same filter.
	got := s.submit("/?gateway=hesabe", "gateway=hesabe&id="+hesabe.ID+"&event=pay")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/?gateway=hesabe" || s.Status(hesabe) != "1" {
		t.Errorf("pay: %d %v", got.status, got.header)
	}
	if got := s.submit("/", "gateway=hesabe&id="+hesabe.ID+"&event=pay"); got.status != http.StatusConflict || !strings.Contains(got.body, `role="alert"`) {
		t.Errorf("pay again: %d %s", got.status, got.body)
	}
	if got := s.submit("/", "gateway=meum&id=inv_unknown&event=pay"); got.status != http.StatusNotFound {
		t.Errorf("of an unknown invoice: %d %s", got.status, got.body)
	}
	if got := s.submit("/", "gateway=paypal&id=1&event=pay"); got.status != http.StatusNotFound {
		t.Errorf("of an unknown gateway: %d %s", got.status, got.body)
	}
	before := len(receiver.Wait(t, 2))
	if got := s.submit("/", "resend="+delivery["id"].(string)); got.status != http.StatusSeeOther {
		t.Errorf("resend: %d %s", got.status, got.body)
	}
	receiver.Wait(t, before+1)
	if got := s.submit("/", "resend=unknown"); got.status != http.StatusNotFound {
		t.Errorf("resend of none: %d %s", got.status, got.body)
	}
	if got := s.send(http.MethodDelete, "/", "", nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", got.status)
	}
}

func TestStartPageInParts(t *testing.T) {
	s := start(t, nil)
	for i := range 60 {
		s.Create("meum", fmt.Sprintf("order-%03d", i), nil)
	}
	for path, want := range map[string]struct {
		first, last, pages string
		rows               int
	}{
		"/":              {"order-059", "order-010", "1–50 of 60", 50},
		"/?invoices=2":   {"order-009", "order-000", "51–60 of 60", 10},
		"/?invoices=99":  {"order-009", "order-000", "51–60 of 60", 10},
		"/?invoices=-1":  {"order-059", "order-010", "1–50 of 60", 50},
		"/?invoices=two": {"order-059", "order-010", "1–50 of 60", 50},
	} {
		body := s.get(path).body
		if strings.Count(body, "data-invoice=") != want.rows || !strings.Contains(body, want.first) || !strings.Contains(body, want.last) || !strings.Contains(body, want.pages) {
			t.Errorf("%s: %d rows\n%s", path, strings.Count(body, "data-invoice="), body)
		}
	}
	if body := s.get("/?gateway=meum").body; !strings.Contains(body, `href="/?gateway=meum&amp;invoices=2#invoices"`) {
		t.Errorf("the next part loses the filter:\n%s", body)
	}
}
