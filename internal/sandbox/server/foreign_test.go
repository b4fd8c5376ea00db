package server_test

import (
	"net/http"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
)

func TestForeignPages(t *testing.T) {
	s := start(t, func(c *server.Config) { c.PublicURL = "https://sandbox.example" })
	invoice := s.Create("meum", "order-1", nil)
	events := "/_sandbox/invoices/meum/" + invoice.ID + "/events"
	page := "/meum/pay/" + invoice.ID
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			if name == "Host" {
				r.Host = value
				return
			}
			r.Header.Set(name, value)
		}
	}
	form := func(change func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			change(r)
		}
	}
	for name, change := range map[string]func(*http.Request){
		"another origin":      header("Origin", "http://evil.example"),
		"a sandboxed frame":   header("Origin", "null"),
		"another site":        header("Sec-Fetch-Site", "cross-site"),
		"another port":        header("Sec-Fetch-Site", "same-site"),
		"another port's page": header("Origin", "http://127.0.0.1:1"),
		"a rebound name":      header("Host", "evil.example"),
		"a name of its own":   header("Host", "evil"),
	} {
		t.Run(name, func(t *testing.T) {
			for _, call := range []struct {
				method, path, body string
				change             func(*http.Request)
			}{
				{"GET", "/_sandbox/invoices", "", change},
				{"POST", events, `{"event":"pay"}`, change},
				{"PUT", "/_sandbox/webhooks", `{"meum":{"url":"http://192.168.0.1/"}}`, change},
				{"DELETE", "/_sandbox/data", "", change},
				{"POST", page, "event=pay", form(change)},
				{"POST", "/", "gateway=meum&id=" + invoice.ID + "&event=pay", form(change)},
			} {
				if got := s.send(call.method, call.path, call.body, call.change); got.status != http.StatusForbidden {
					t.Errorf("%s %s: %d %s", call.method, call.path, got.status, got.body)
				}
			}
		})
	}
	if list := s.get("/_sandbox/invoices").list(t); len(list) != 1 || list[0]["phase"] != "open" {
		t.Errorf("something has happened: %v", list)
	}

	// A link from the shop, and the sandbox's own pages by any of its names.
	for name, got := range map[string]result{
		"a link":             s.send("GET", page, "", header("Sec-Fetch-Site", "cross-site")),
		"no browser":         s.get("/_sandbox/health"),
		"the public name":    s.send("GET", page, "", header("Host", "sandbox.example")),
		"localhost":          s.send("GET", "/_sandbox/health", "", header("Host", "localhost:4480")),
		"the public origin":  s.send("GET", "/_sandbox/health", "", header("Origin", "https://sandbox.example")),
		"an address":         s.send("GET", "/_sandbox/health", "", header("Host", "192.168.1.5:4480")),
		"an address, IPv6":   s.send("GET", "/_sandbox/health", "", header("Host", "[::1]:4480")),
		"a typed-in address": s.send("GET", "/", "", header("Sec-Fetch-Site", "none")),
	} {
		if got.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	paid := s.send("POST", page, "event=pay", form(func(r *http.Request) {
		r.Header.Set("Origin", s.Base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}))
	if paid.status != http.StatusSeeOther {
		t.Errorf("the page's own form: %d %s", paid.status, paid.body)
	}
}
