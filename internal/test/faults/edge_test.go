package faults

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
)

func TestWithoutStatus(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"an invoice":         {`{"id":"inv_1","status":"cancelled","amount":10.50}`, `{"amount":10.50,"id":"inv_1"}`},
		"in an envelope":     {`{"status":"success","result":[{"uuid":"INV-1","status":"paid"}]}`, `{"result":[{"uuid":"INV-1"}],"status":"success"}`},
		"by another name":    {`{"data":{"id":7,"invoice_status":3}}`, `{"data":{"id":7}}`},
		"encrypted":          {`9f8e7d`, `9f8e7d`},
		"encrypted in JSON":  {`{"status":true,"response":"9f8e"}`, `{"response":"9f8e","status":true}`},
		"no JSON object":     {``, ``},
		"digits stay theirs": {`{"amount":12345678901234567890}`, `{"amount":12345678901234567890}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(StripStatus([]byte(test.body))); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestReroute(t *testing.T) {
	other := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "other") })
	g := newGateway(t, Rule{Operation: meumCreate, Fault: Reroute("lag", other), Times: 1})
	if got := g.create(t); got.body != "other" || g.processed.Load() != 0 {
		t.Errorf("%+v, processed %d", got, g.processed.Load())
	}
	if got := g.create(t); !isGood(got) {
		t.Errorf("the next request gets a wrong response: %+v", got)
	}
}

func TestSwapResponses(t *testing.T) {
	var next atomic.Int64
	injector := New(Rule{Operation: meumCreate, Fault: SwapResponses(), Times: 2})
	server := httptest.NewServer(injector.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.Add(1)
		_, _ = io.WriteString(w, r.Header.Get("Number"))
	})))
	defer server.Close()
	responses := make(chan [2]string)
	for i := range 2 {
		go func() {
			mine := strconv.Itoa(i)
			req, _ := http.NewRequest(http.MethodPost, server.URL+"/v1/invoices", nil)
			req.Header.Set("Number", mine)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				responses <- [2]string{mine, err.Error()}
				return
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			responses <- [2]string{mine, string(body)}
		}()
	}
	for range 2 {
		if got := <-responses; got != [2]string{"0", "1"} && got != [2]string{"1", "0"} {
			t.Errorf("request %s got the response %q", got[0], got[1])
		}
	}
	if next.Load() != 2 || injector.Injected() != 2 {
		t.Errorf("%d processed, %d injected", next.Load(), injector.Injected())
	}
}
