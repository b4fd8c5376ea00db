package faults

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

func TestRules(t *testing.T) {
	closed := func(s result) bool { return s.err != nil }
	for name, c := range map[string]struct {
		rules []Rule
		want  string // of five creates: . is answered, x is not
	}{
		"none":              {nil, "....."},
		"all":               {[]Rule{{Operation: meumCreate, Fault: CloseBefore}}, "xxxxx"},
		"twice":             {[]Rule{{Operation: meumCreate, Fault: CloseBefore, Times: 2}}, "xx..."},
		"after two":         {[]Rule{{Operation: meumCreate, Fault: CloseBefore, After: 2}}, "..xxx"},
		"one in the middle": {[]Rule{{Operation: meumCreate, Fault: CloseAfter, After: 3, Times: 1}}, "...x."},
		"another operation": {[]Rule{{Operation: Of("meum", Cancel), Fault: CloseBefore}}, "....."},
		"two rules": {[]Rule{
			{Operation: meumCreate, Fault: CloseBefore, Times: 1},
			{Operation: meumCreate, Fault: CloseAfter, After: 2, Times: 1},
		}, "x..x."},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t, c.rules...)
			got := ""
			for range 5 {
				switch s := g.create(t); {
				case closed(s):
					got += "x"
				case isGood(s):
					got += "."
				}
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if n := g.injector.Injected(); n != strings.Count(c.want, "x") {
				t.Errorf("injected %d", n)
			}
		})
	}
}

func TestDisarmEndsWhatHangs(t *testing.T) {
	g := newGateway(t, Rule{Operation: meumCreate, Fault: HangAfter})
	patient := &http.Client{}
	done := make(chan error, 1)
	go func() {
		resp, err := patient.Post(g.URL+"/v1/invoices", "text/plain", nil)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := g.injector.Await(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if g.processed.Load() != 1 {
		t.Error("not processed when the fault is injected")
	}
	select {
	case err := <-done:
		t.Fatalf("it does not hang: %v", err)
	default:
	}
	g.injector.Disarm()
	if err := <-done; err == nil {
		t.Error("got a response, though the connection should end")
	}
	if got := g.create(t); !isGood(got) {
		t.Errorf("after Disarm: %+v", got)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := New().Await(ctx, 1); err == nil {
		t.Error("no error, although nothing was injected")
	}
}

func TestDelayHoldAndLatency(t *testing.T) {
	released := make(chan struct{})
	g := newGateway(t,
		Rule{Operation: meumCreate, Fault: Delay(20 * time.Millisecond), Times: 1},
		Rule{Operation: meumCreate, Fault: HoldUntil(released), Times: 1})
	began := time.Now()
	if got := g.create(t); !isGood(got) || time.Since(began) < 20*time.Millisecond {
		t.Errorf("delayed: %+v after %s", got, time.Since(began))
	}
	time.AfterFunc(20*time.Millisecond, func() { close(released) })
	if got := g.create(t); !isGood(got) {
		t.Errorf("held: %+v", got)
	}
	slow := httptest.NewServer(Latency(10 * time.Millisecond)(g.Config.Handler))
	defer slow.Close()
	if got := (&gateway{Server: slow}).create(t); !isGood(got) {
		t.Errorf("with latency: %+v", got)
	}
}

func TestHoneypotCountsConnections(t *testing.T) {
	honeypot := NewHoneypot()
	defer honeypot.Close()
	if honeypot.Connections() != 0 {
		t.Error("contacts before any")
	}
	resp, err := http.Get(honeypot.URL())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if honeypot.Connections() == 0 || !strings.Contains(honeypot.URL(), "//localhost:") {
		t.Errorf("%d contacts at %s", honeypot.Connections(), honeypot.URL())
	}
}

func TestOperations(t *testing.T) {
	for request, want := range map[string]string{
		"POST /v2/invoice/create":               "cryptocloud create",
		"POST /v2/invoice/merchant/info":        "cryptocloud read",
		"POST /v2/invoice/merchant/list":        "cryptocloud list",
		"POST /v2/invoice/merchant/canceled":    "cryptocloud cancel",
		"POST /api/v1/login":                    "hesabe login",
		"POST /api/v1/token-refresh":            "hesabe refresh",
		"POST /api/v1/invoice":                  "hesabe create",
		"GET /api/v1/invoice/14696":             "hesabe read",
		"GET /api/v1/invoice-dashboard":         "hesabe list",
		"PUT /api/v1/invoice/311817483421":      "hesabe cancel",
		"POST /v1/payment/createInvoicePayment": "xpays create",
		"GET /v1/payment/info":                  "xpays read",
		"POST /v1/payment/cancel":               "xpays cancel",
		"POST /v1/invoices":                     "meum create",
		"GET /v1/invoices":                      "meum list",
		"GET /v1/invoices/inv_1":                "meum read",
		"POST /v1/invoices/inv_1/cancel":        "meum cancel",
		"POST /v1/invoices/inv_1":               "",
		"GET /v1/invoices/":                     "",
		"GET /v1/invoices/inv_1/status":         "",
		"GET /v2/invoice/create":                "",
	} {
		method, path, _ := strings.Cut(request, " ")
		var got []string
		for _, g := range gatewaytest.Specimens() {
			for _, o := range Operations(g.Name) {
				if o.Matches(httptest.NewRequest(method, path, nil)) {
					got = append(got, o.String())
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(strings.Split(want, "\n")) && (want != "" || len(got) > 0) {
			t.Errorf("%s is %v, want %q", request, got, want)
		}
	}
	if n := len(Operations("hesabe")); n != 6 {
		t.Errorf("hesabe has %d operations", n)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown operation does not panic")
		}
	}()
	Of("xpays", List)
}

func TestRespondWith(t *testing.T) {
	g := newGateway(t, Rule{Operation: meumCreate, Fault: RespondWith("mine", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Method)
	})})
	if got := g.create(t); got.body != http.MethodPost || g.processed.Load() != 0 {
		t.Errorf("%+v, processed %d", got, g.processed.Load())
	}
}
