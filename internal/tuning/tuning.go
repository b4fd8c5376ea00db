// Package tuning serves the provider in a process that is cheap to run. What is
// served is the same without it, with more time and memory.
package tuning

import (
	"context"
	"os"
	"runtime"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// headroom is memory that nobody touches. It makes the garbage collector think
// that the heap is larger than the few megabytes that it is: each resource
// leaves more than that behind, so that collecting was half of a plan's work.
// A larger GOGC would let the heap grow with the number of invoices instead.
const headroom = 16 << 20

// Serve serves the provider until Terraform is done with it. settled reports
// whether planning a resource is certain to change nothing.
func Serve(address string, p func() provider.Provider, settled func(context.Context, *tfprotov6.PlanResourceChangeRequest) bool) error {
	ballast := make([]byte, headroom)
	defer runtime.KeepAlive(ballast)
	serve := providerserver.NewProtocol6(p())
	if logsWanted() {
		return tf6server.Serve(address, serve)
	}
	withoutLogs()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return cheap(serve(), settled) })
}

// cheap is a server that does the same with less.
func cheap(s tfprotov6.ProviderServer, settled func(context.Context, *tfprotov6.PlanResourceChangeRequest) bool) tfprotov6.ProviderServer {
	all, ok := s.(calls)
	if !ok {
		return s
	}
	return forgetfulServer{settledServer{all, settled}}
}

// calls are what Terraform may ask of the provider.
type calls interface {
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // until its methods are those of ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // likewise
}

// logsWanted reports whether Terraform keeps what a plugin logs.
// https://developer.hashicorp.com/terraform/plugin/log/managing
func logsWanted() bool {
	return os.Getenv("TF_LOG") != "" || os.Getenv("TF_LOG_PROVIDER") != ""
}

// withoutLogs switches off logs that Terraform would drop, but for those that
// the environment asks for by their own name: a plugin writes all of them
// otherwise, and Terraform takes each line apart before it drops it. For both
// that is a fifth of the work that a resource makes.
func withoutLogs() {
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_PAYINVOICE"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, "OFF") // an error leaves the logs on
		}
	}
}
