package gatewaytest

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
)

// Wire describes a gateway's requests.
type Wire struct {
	// Headers are those of every request but a login, besides the usual ones.
	Headers map[string]*regexp.Regexp
	// Life are the requests of an invoice with all arguments, one after
	// another, from create to destroy. ID and TOKEN stand for the invoice's.
	Life []WireRequest
	// Payload reads what is encrypted: all requests but a login. It is nil
	// where nothing is.
	Payload func(t testing.TB, r sandboxtest.Request) string
	// Check looks at what else a request to an address must have; nil where there
	// is nothing.
	Check func(t testing.TB, address string, r sandboxtest.Request)
	// Amount is how an amount stands in the JSON of a create.
	Amount func(text string) string
	// Decimals is how many an amount has at most; 0 where any number is sent.
	Decimals int
}

// WireRequest is one request: its query and its body are exactly these.
type WireRequest struct{ Request, Query, Body string }

func exactly(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(text) + "$")
}

// numberAmount is an amount as a JSON number, and textAmount as JSON text.
func numberAmount(text string) string { return text }
func textAmount(text string) string   { return fmt.Sprintf("%q", text) }
