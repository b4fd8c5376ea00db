// Package chaos holds the tests that put the provider, as real Terraform runs
// it, under faults: lost and late answers, rate limits, kills, interruptions,
// answers beyond all bounds, many invoices at a time. They count what must
// never happen: an invoice made twice, one that nobody knows of, one that left
// the state while it exists, a secret that is told.
//
// "go test" runs a sample, "make chaos" everything. CHAOS_SEED repeats a run.
package chaos
