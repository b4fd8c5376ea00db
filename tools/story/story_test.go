// Package story tests the sandbox as a team uses it: Terraform makes invoices on a
// sandbox server, a browser pays them, a shop is told by webhooks, and Terraform
// sees the payments.
package story

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

var pictures = flag.String("pictures", "", "the folder to write pictures of the pages to")

// gateways are the names of all gateways.
var gateways = slices.Sorted(maps.Keys(merchant.Gateways))

// world is all that takes part in the story.
type world struct {
	t         *testing.T
	program   string // the provider's
	sandbox   string // the server's address
	shop      *merchant.Receiver
	merchant  merchant.Merchant // whose shop it is
	terraform tfcli.Runner
}

func TestStory(t *testing.T) {
	browser := startBrowser(t)
	w := newWorld(t)

	w.run("apply", "-auto-approve")
	orders, open := w.invoices("order"), w.invoices("open")
	w.picture(browser, "payment.png", orders["xpays"].CheckoutURL, 560)

	browser.expectFits(w.sandbox)
	for _, gateway := range gateways {
		order, facts := orders[gateway], merchant.Gateways[gateway]
		browser.expectFits(order.CheckoutURL)
		browser.pay(order.CheckoutURL, facts.Return != "")
		w.expectWebhook(gateway, "order", order.ID, "pay")
		if word := w.merchant.Status(merchant.Invoice{Gateway: gateway, ID: order.ID}); word != facts.Paid {
			t.Errorf("the shop reads that the %s invoice is %s", gateway, word)
		}
	}

	w.run("apply", "-auto-approve", "-refresh-only")
	for gateway, inv := range w.invoices("order") {
		if inv.Phase != "paid" || !inv.MoneyMoved {
			t.Errorf("Terraform sees %s %s, money moved: %v", gateway, inv.Phase, inv.MoneyMoved)
		}
	}
	w.expectRefusedDestroy(orders["meum"].ID)
	w.run("apply", "-auto-approve", "-var", "policy=cancel")
	w.picture(browser, "start.png", w.sandbox, 1200)
	w.destroy(open)
}

// expectRefusedDestroy destroys a paid invoice under cancel_or_fail.
func (w *world) expectRefusedDestroy(id string) {
	w.t.Helper()
	_, err := w.terraform.Run(w.t.Context(), "destroy", "-auto-approve", "-no-color", "-target", "payinvoice_meum_invoice.order")
	if err == nil || !strings.Contains(err.Error(), id) {
		w.t.Fatalf("destroy under cancel_or_fail: %v", err)
	}
}

// destroy leaves a paid invoice alone under cancel, and cancels an open one, of
// which the shop is notified where the documentation says so.
func (w *world) destroy(open map[string]provider.Invoice) {
	w.t.Helper()
	output := w.run("destroy", "-auto-approve", "-var", "policy=cancel")
	if !strings.Contains(output, "was not canceled") {
		w.t.Errorf("destroy does not say that paid invoices were left alone:\n%s", output)
	}
	for gateway, inv := range open {
		if merchant.Gateways[gateway].Webhooks["cancel"] != "" {
			w.expectWebhook(gateway, "open", inv.ID, "cancel")
		}
	}
}

// expectWebhook waits until the shop is notified of an event. Each webhook
// has to verify.
func (w *world) expectWebhook(gateway, name, id, event string) {
	w.t.Helper()
	told := merchant.Gateways[gateway].Webhooks[event]
	w.eventually(fmt.Sprintf("%s: the shop is notified of %s", gateway, event), func() bool {
		for _, webhook := range w.shop.Webhooks() {
			if webhook.Path != "/webhooks/"+gateway {
				continue
			}
			invoice, event, err := w.merchant.Verify(gateway, webhook)
			if err != nil {
				w.t.Fatalf("%s: %v", webhook.Body, err)
			}
			if event == told && (invoice == id || invoice == reference(gateway, name)) {
				return true
			}
		}
		return false
	})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, shop: merchant.NewReceiver(t)}
	w.program, w.terraform = installed(t, filepath.Join(dir, "terraform"), "1.5")
	w.sandbox = serveForShop(t, w.program, filepath.Join(dir, "sandbox"), w.shop.URL)
	w.merchant = merchant.Merchant{T: t, Settings: settings(t, w.program, w.sandbox)}
	configuration, err := os.ReadFile("story.tf")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(w.terraform.Dir, "main.tf"), string(configuration))
	for _, gateway := range gateways {
		write(t, filepath.Join(w.terraform.Dir, gateway+".tf"), w.resource(gateway, "order")+w.resource(gateway, "open"))
	}
	variables, _ := json.Marshal(map[string]string{"sandbox": w.sandbox})
	write(t, filepath.Join(w.terraform.Dir, "story.auto.tfvars.json"), string(variables))
	w.run("init", "-input=false")
	return w
}

func reference(gateway, name string) string { return name + "-" + gateway }

// resource is the first example of a gateway's invoice, which leads webhooks and the
// payer to the shop.
func (w *world) resource(gateway, name string) string {
	w.t.Helper()
	example, err := provider.Example(root(w.t), gateway)
	if err != nil {
		w.t.Fatal(err)
	}
	facts, arguments := merchant.Gateways[gateway], []string{"deletion_policy = var.policy"}
	for argument, value := range map[string]string{
		facts.Reference: reference(gateway, name), facts.Notify: w.shop.URL + "/webhooks/" + gateway, facts.Return: w.shop.URL + "/thanks",
	} {
		if argument != "" {
			arguments = append(arguments, fmt.Sprintf("%s = %q", argument, value))
		}
	}
	if gateway == "hesabe" {
		arguments = append(arguments, `language = "ar"`) // a page from right to left has to fit, too
	}
	line := regexp.MustCompile(`(?m)^ *` + facts.Reference + ` .*$`)
	example = line.ReplaceAllLiteralString(example, strings.Join(arguments, "\n"))
	return strings.Replace(example, `"order"`, `"`+name+`"`, 1)
}

func (w *world) run(args ...string) string {
	w.t.Helper()
	output, err := w.terraform.Run(w.t.Context(), append(args, "-no-color")...)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(output)
}

// invoices are those of a name in the state, one of each gateway.
func (w *world) invoices(name string) map[string]provider.Invoice {
	w.t.Helper()
	invoices, err := provider.Invoices([]byte(w.run("show", "-json")), name)
	if err != nil || len(invoices) != len(gateways) {
		w.t.Fatalf("the state has %v, %v", invoices, err)
	}
	return invoices
}

func (w *world) eventually(what string, done func() bool) {
	w.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			w.t.Fatalf("not in time: %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// picture writes a picture of a page in a window of the given width, if pictures
// are requested.
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
