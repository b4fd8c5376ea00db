// Package tuning makes the provider's process cheaper to run. Nothing depends
// on it: without it everything works the same, more slowly.
package tuning

import (
	"os"
	"runtime"
)

// headroom is memory that nobody touches. It makes the garbage collector think
// that the heap is larger than the few megabytes that it is: each resource
// leaves more than that behind, so that collecting was half of a plan's work.
// A larger GOGC would let the heap grow with the number of invoices instead.
const headroom = 16 << 20

// Apply tunes the process until the function it answers is called.
func Apply() (release func()) {
	withoutUnwantedLogs()
	ballast := make([]byte, headroom)
	return func() { runtime.KeepAlive(ballast) }
}

// withoutUnwantedLogs switches the logs off where Terraform would drop them: a
// plugin writes all of them otherwise, and Terraform takes each line apart before
// it drops it. For both that is a fifth of the work that a resource makes.
// https://developer.hashicorp.com/terraform/plugin/log/managing
func withoutUnwantedLogs() {
	if os.Getenv("TF_LOG") != "" || os.Getenv("TF_LOG_PROVIDER") != "" {
		return
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_PAYINVOICE"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, "OFF") // an error leaves the logs on
		}
	}
}
