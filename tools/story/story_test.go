// Package story tests the sandbox as a team uses it: Terraform makes invoices on a
// sandbox server, a browser pays them, a shop is told by webhooks, and Terraform
// sees the payments.
package story

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/story/shop"
)

var pictures = flag.String("pictures", "", "the folder to write pictures of the pages to")

// world is all that takes part in the story.
type world struct {
	t         *testing.T
	program   string // the provider's
	sandbox   string // the server's address
	shop      *shop.Shop
	shopURL   string
	terraform tfcli.Runner
	invoices  map[string]invoice // by gateway
}

type invoice struct {
	ID          string `json:"id"`
	Reference   string `json:"reference"`
	CheckoutURL string `json:"checkout_url"`
	Phase       string `json:"phase"`
	MoneyMoved  bool   `json:"money_moved"`
}

func (w *world) order(gateway string) shop.Order {
	return shop.Order{Gateway: gateway, InvoiceID: w.invoices[gateway].ID, Reference: w.invoices[gateway].Reference}
}

func TestStory(t *testing.T) {
	browser := startBrowser(t)
	w := newWorld(t)

	w.run("apply", "-auto-approve")
	w.readInvoices()
	for gateway := range w.invoices {
		w.shop.Sell(w.order(gateway))
	}
	w.picture(browser, "payment.png", w.invoices["xpays"].CheckoutURL, 560)

	browser.expectFits(w.sandbox)
	for _, gateway := range []string{"cryptocloud", "hesabe", "meum", "xpays"} {
		page := w.invoices[gateway].CheckoutURL
		browser.expectFits(page)
		if gateway == "hesabe" {
			browser.payByKeyboard(page)
		} else {
			browser.pay(page, gateway == "meum" || gateway == "xpays")
		}
		w.eventually(gateway+": the shop marks the order paid", func() bool { return w.shop.Paid(w.order(gateway)) })
	}
	if err := w.shop.Refused(); err != nil {
		t.Errorf("the shop refused webhooks: %v", err)
	}

	w.run("apply", "-auto-approve", "-refresh-only")
	w.readInvoices()
	for gateway, inv := range w.invoices {
		if inv.Phase != "paid" || !inv.MoneyMoved {
			t.Errorf("Terraform sees %s %s, money moved: %v", gateway, inv.Phase, inv.MoneyMoved)
		}
	}
	w.expectRefusedDestroy()
	w.run("apply", "-auto-approve", "-var", "policy=cancel", "-var", "open=true")
	w.picture(browser, "start.png", w.sandbox, 1200)
	w.destroy()
}

// expectRefusedDestroy destroys a paid invoice under cancel_or_fail.
func (w *world) expectRefusedDestroy() {
	_, err := w.terraform.Run(w.t.Context(), "destroy", "-auto-approve", "-no-color", "-target", "payinvoice_meum_invoice.order")
	if err == nil || !strings.Contains(err.Error(), w.invoices["meum"].ID) {
		w.t.Fatalf("destroy under cancel_or_fail: %v", err)
	}
}

// destroy leaves a paid invoice alone under cancel, and cancels an open one, of
// which the shop is told where the documentation says so.
func (w *world) destroy() {
	for _, gateway := range []string{"meum", "xpays"} {
		w.shop.Sell(w.openOrder(gateway))
	}
	output := w.run("destroy", "-auto-approve", "-var", "policy=cancel", "-var", "open=true")
	if !strings.Contains(output, "was not canceled") {
		w.t.Errorf("destroy does not say that paid invoices were left alone:\n%s", output)
	}
	for gateway, status := range map[string]string{"meum": "cancelled", "xpays": "PAYMENT_CANCELED"} {
		order := w.openOrder(gateway)
		w.eventually(gateway+": the shop is told of the cancellation", func() bool {
			for _, heard := range w.shop.Heard(order) {
				if heard == status {
					return true
				}
			}
			return false
		})
	}
}

// openOrder is the order whose invoice nobody pays. Its id is remembered, because
// destroy removes it from the state.
func (w *world) openOrder(gateway string) shop.Order {
	key := gateway + "_open"
	if _, ok := w.invoices[key]; !ok {
		w.readInvoices()
	}
	inv := w.invoices[key]
	return shop.Order{Gateway: gateway, InvoiceID: inv.ID, Reference: inv.Reference}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t}
	w.program, w.terraform = installed(t, filepath.Join(dir, "terraform"), "1.5")
	w.openShop()
	w.sandbox = serveForShop(t, w.program, filepath.Join(dir, "sandbox"), w.shopURL)
	w.shop = shop.New(settings(t, w.program, w.sandbox, w.shopURL), time.Now)
	configuration, err := os.ReadFile("story.tf")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(w.terraform.Dir, "main.tf"), string(configuration))
	variables, _ := json.Marshal(map[string]string{"sandbox": w.sandbox, "shop": w.shopURL})
	write(t, filepath.Join(w.terraform.Dir, "story.auto.tfvars.json"), string(variables))
	w.run("init", "-input=false")
	return w
}

// openShop serves the shop, which exists a moment later: the sandbox has to know its
// address first.
func (w *world) openShop() {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.shop.ServeHTTP(rw, r) }))
	w.t.Cleanup(server.Close)
	w.shopURL = server.URL
}

func (w *world) run(args ...string) string {
	w.t.Helper()
	output, err := w.terraform.Run(w.t.Context(), append(args, "-no-color")...)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(output)
}

func (w *world) readInvoices() {
	w.t.Helper()
	output, err := w.terraform.Run(w.t.Context(), "output", "-json", "invoices")
	if err != nil {
		w.t.Fatal(err)
	}
	w.invoices = nil
	if err := json.NewDecoder(bytes.NewReader(output)).Decode(&w.invoices); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) eventually(what string, done func() bool) {
	w.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			w.t.Fatalf("not in time: %s; refused webhooks: %v", what, w.shop.Refused())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// picture writes a picture of a page in a window of the given width, if pictures
// are asked for.
func (w *world) picture(b *browser, name, url string, width int64) {
	w.t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), b.screenshot(url, width), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(fmt.Errorf("cannot prepare the story: %w", err))
	}
}

// background ends with the test.
func background(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return ctx
}
