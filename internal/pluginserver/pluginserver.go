// Package pluginserver serves the provider to Terraform in a process that uses little
// time and memory. It does not change what the provider returns.
package pluginserver

import (
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// The garbage collector starts when the heap has grown by gcPercent. headroom is memory
// that is never touched: it makes the collector take the heap for larger than its few
// megabytes, so that it starts after 16 MB of garbage. Each resource leaves a good part
// of that behind, and collecting it was half of a plan's work. A larger percentage
// without headroom would let the memory grow that much faster with the number of
// invoices.
const (
	gcPercent = 25
	headroom  = 64 << 20
)

// Serve serves the provider until Terraform is done with it. With debugging, it prints
// how to attach Terraform, and waits for it.
func Serve(address string, p provider.Provider, debugging bool) error {
	defer collectLess()()
	defer withoutStandardLog()()
	var opts []tf6server.ServeOpt
	logging := logsWanted()
	if debugging {
		// Terraform's own environment, which decides what is logged, is not known.
		logging = true
		opts = append(opts, tf6server.WithManagedDebug())
	}
	if !logging {
		withoutLogs()
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return newServer(p, logging) }, opts...)
}

// New returns a server of the provider, without logs of what outlasts a call.
func New(p provider.Provider) tfprotov6.ProviderServer { return newServer(p, false) }

func newServer(p provider.Provider, logging bool) tfprotov6.ProviderServer {
	s := providerserver.NewProtocol6(p)()
	all, ok := s.(calls)
	known, unchanged := p.(unchangedProvider)
	if !ok || !unchanged {
		return s
	}
	return releasingServer{calls: all, keepValues: logging, provider: known}
}

// calls are the calls that Terraform may make.
type calls interface {
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // until its methods are those of ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // likewise
}

// collectLess makes the garbage collector start less often until done is called, unless
// the environment configures it. https://pkg.go.dev/runtime#hdr-Environment_Variables
func collectLess() (done func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	debug.SetGCPercent(gcPercent)
	ballast := make([]byte, headroom)
	return func() { runtime.KeepAlive(ballast) }
}

// withoutStandardLog discards the output of package log until done is called. net/http
// logs unsolicited data from a server, which may repeat a request with its credentials.
//
//nolint:forbidigo // nothing of ours is written there
func withoutStandardLog() (done func()) {
	before := log.Writer()
	log.SetOutput(io.Discard)
	return func() { log.SetOutput(before) }
}

// logsWanted reports whether Terraform keeps a plugin's logs.
// https://developer.hashicorp.com/terraform/plugin/log/managing
func logsWanted() bool {
	return os.Getenv("TF_LOG") != "" || os.Getenv("TF_LOG_PROVIDER") != ""
}

// withoutLogs turns off logs that Terraform would discard, except those that the
// environment requests by name: otherwise a plugin writes all of them, and Terraform
// parses each line before it discards it. For both, that is a fifth of the work for a
// resource.
func withoutLogs() {
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_PAYINVOICE"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, "OFF") // an error leaves the logs on
		}
	}
}
