package examplestest

import (
	"context"
	"net/url"
	"path"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/hesabe"
	engine "github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// readers ask each gateway for the phase of an invoice.
var readers = map[string]func(context.Context, transport.Config, string) (gateway.Phase, error){
	"cryptocloud": reader(cryptocloud.Definition()),
	"hesabe":      reader(hesabe.Definition()),
	"xpays":       reader(xpays.Definition()),
	"meum":        reader(meum.Definition()),
}

func reader[Spec any, Inv gateway.Invoice](def *engine.Definition[Spec, Inv]) func(context.Context, transport.Config, string) (gateway.Phase, error) {
	return func(ctx context.Context, cfg transport.Config, id string) (gateway.Phase, error) {
		client, err := def.Connect(def.SandboxCredentials, cfg)
		if err != nil {
			return "", err
		}
		inv, err := client.Get(ctx, id)
		if err != nil {
			return "", err
		}
		return inv.Facts(time.Now()).Phase, nil
	}
}

// sandboxDir is a sandbox that several workspaces may share.
type sandboxDir struct{ path string }

func newSandbox(t *testing.T) *sandboxDir {
	t.Helper()
	return &sandboxDir{t.TempDir()}
}

// open opens the sandbox beside the processes that use it.
func (s *sandboxDir) open(t *testing.T, use func(*sandbox.Sandbox)) {
	t.Helper()
	opened, err := sandbox.Open(s.path)
	if err != nil {
		t.Fatal(err)
	}
	use(opened)
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
}

// happen lets something happen to an invoice behind the gateway's API.
func (s *sandboxDir) happen(t *testing.T, i invoice, event simulator.Event) {
	t.Helper()
	s.open(t, func(opened *sandbox.Sandbox) {
		if _, err := opened.Trigger(t.Context(), i.gateway, i.id, event, ""); err != nil {
			t.Fatalf("%s of %s: %v", event, i.id, err)
		}
	})
}

// expect checks the phase of an invoice as the gateway sees it.
func (s *sandboxDir) expect(t *testing.T, i invoice, want gateway.Phase) {
	t.Helper()
	read, known := readers[i.gateway]
	if !known {
		t.Fatalf("there is no way to read an invoice at %q", i.gateway)
	}
	endpoint, err := url.Parse(sandbox.Endpoint(i.gateway))
	if err != nil {
		t.Fatal(err)
	}
	s.open(t, func(opened *sandbox.Sandbox) {
		got, err := read(t.Context(), transport.Config{Endpoint: endpoint, RoundTripper: opened.Transport()}, i.id)
		if err != nil || got != want {
			t.Errorf("at the gateway, invoice %s (%s) is %q (%v), not %q", i.id, i.address, got, err, want)
		}
	})
}

// seed makes the invoice of a resource's page at a gateway.
func seed(t *testing.T, s *sandboxDir, gatewayName string) invoice {
	t.Helper()
	w := newWorkspace(t, s)
	w.write("versions.tf", readFile(t, "examples/shared/versions.tf"))
	w.write("main.tf", readFile(t, path.Join("examples/resources", "payinvoice_"+gatewayName+"_invoice", "resource.tf")))
	w.run("init")
	w.run("apply", "-auto-approve")
	return w.one()
}
