// Package chaos injects faults while real Terraform runs the provider: lost and
// late responses, rate limits, kills, interruptions, oversized responses, many
// invoices at a time. Its tests count what must never happen: a duplicate invoice,
// an orphan, an invoice that left the state while it exists, a leaked secret.
//
// "go test" runs a sample, "make chaos" everything. CHAOS_SEED repeats a run.
package chaos
