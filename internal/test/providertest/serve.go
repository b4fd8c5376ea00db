package providertest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/pluginserver"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
)

// addresses are what Terraform and OpenTofu make of a provider that a
// configuration does not give a source for, and of the provider's own source.
var addresses = []string{
	"registry.terraform.io/hashicorp/payinvoice",
	"registry.opentofu.org/hashicorp/payinvoice",
	"registry.terraform.io/payinvoice/payinvoice",
	"registry.opentofu.org/payinvoice/payinvoice",
}

// NewServer is a new provider, as a release serves it.
func NewServer() tfprotov6.ProviderServer { return pluginserver.New(provider.New("test")()) }

// serve serves a new provider inside the test's process until stop is called.
// The result is what TF_REATTACH_PROVIDERS is to be for a command to find it.
func serve(t *testing.T) (reattach string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	started, closed, failed := make(chan *plugin.ReattachConfig), make(chan struct{}), make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(addresses[0], NewServer,
			tf6server.WithDebug(ctx, started, closed),
			tf6server.WithLoggingSink(t),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	select {
	case err := <-failed:
		cancel()
		t.Fatalf("the provider cannot be served: %v", err)
		return "", nil
	case config := <-started:
		return reattachment(t, config), func() { cancel(); <-closed }
	}
}

func reattachment(t *testing.T, config *plugin.ReattachConfig) string {
	t.Helper()
	at := map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}
	providers := map[string]any{}
	for _, address := range addresses {
		providers[address] = at
	}
	encoded, err := json.Marshal(providers)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
