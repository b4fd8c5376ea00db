package examplestest

import (
	"path"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

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
	s.open(t, func(opened *sandbox.Sandbox) {
		client, err := gatewaytest.Named(i.gateway).InProcess(opened)
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.Get(t.Context(), i.id)
		if err != nil || got.Phase != want {
			t.Errorf("at the gateway, invoice %s (%s) is %q (%v), not %q", i.id, i.address, got.Phase, err, want)
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
