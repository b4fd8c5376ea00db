package clienttest

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// maxErrorText limits what an error may quote from a hostile response, in bytes.
const maxErrorText = 2 << 10

// goWords are phrases of Go's own libraries.
var goWords = regexp.MustCompile(`invalid character '|json: |unexpected end of JSON|unexpected EOF|net/http: |http: |strconv\.|parsing time`)

// Fuzzed is a client whose responses are fuzzed.
type Fuzzed[Spec any, Inv gateway.Invoice] struct {
	// Connect returns the client.
	Connect func(transport.Config) gateway.Gateway[Spec, Inv]
	// Spec and ID are the spec to create and the id to read.
	Spec Spec
	ID   string
	// Wrap wraps the fuzzed status and body in a response. Nil sends them unchanged.
	Wrap func(w http.ResponseWriter, r *http.Request, status int, body string)
	// Before says that the fuzzed responses come before a create is sent.
	Before bool
	// List lists invoices; nil if the client cannot.
	List func(gateway.Gateway[Spec, Inv]) iter.Seq2[Inv, error]
}

// FuzzResponses checks that no response makes a client panic, claim an invoice that the
// response does not have, or lose one: a 2xx response to a create must not pass for a
// refusal unless the gateway itself says so.
func FuzzResponses[Spec any, Inv gateway.Invoice](f *testing.F, z Fuzzed[Spec, Inv]) {
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		server := Serve(t, func(w http.ResponseWriter, r *http.Request) {
			if z.Wrap != nil {
				z.Wrap(w, r, status, body)
				return
			}
			Reply(w, status, body)
		})
		client := z.Connect(server.Config())
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		z.create(ctx, t, client, status)
		z.read(ctx, t, client, status)
		if z.List == nil {
			return
		}
		for inv, err := range z.List(client) {
			if err != nil {
				checkError(t, err)
			} else if inv.Facts(time.Now()).ID == "" {
				t.Error("a listed invoice has no id")
			}
		}
	})
}

func (z Fuzzed[Spec, Inv]) create(ctx context.Context, t *testing.T, client gateway.Gateway[Spec, Inv], status int) {
	inv, err := client.Create(ctx, z.Spec)
	switch {
	case err == nil && inv.Facts(time.Now()).ID == "":
		t.Error("a create without an id")
	case err == nil && status >= 300:
		t.Errorf("HTTP %d passed for a create", status)
	case err != nil:
		checkError(t, err)
		if status >= 500 && !z.Before && !errors.Is(err, gateway.ErrOutcomeUnknown) {
			t.Errorf("HTTP %d left no doubt about a create: %v", status, err)
		}
		if errors.Is(err, gateway.ErrNotFound) {
			t.Errorf("a create was not found: %v", err)
		}
	}
}

func (z Fuzzed[Spec, Inv]) read(ctx context.Context, t *testing.T, client gateway.Gateway[Spec, Inv], status int) {
	inv, err := client.Get(ctx, z.ID)
	switch {
	case err == nil && inv.Facts(time.Now()).ID != z.ID:
		t.Errorf("requested %s, got %s", z.ID, inv.Facts(time.Now()).ID)
	case err != nil:
		checkError(t, err)
		if errors.Is(err, gateway.ErrNotFound) && status != http.StatusNotFound && status >= 300 {
			t.Errorf("HTTP %d passed for not found: %v", status, err)
		}
		return
	}
	if canceled, shown, err := client.Cancel(ctx, inv); shown && (err != nil || canceled.Facts(time.Now()).ID != z.ID || canceled.Facts(time.Now()).Status == "") {
		t.Errorf("a cancel showed %+v, %v", canceled.Facts(time.Now()), err)
	} else if err != nil {
		checkError(t, err)
	}
}

// checkError checks that an error is a gateway's and fit to be shown.
func checkError(t *testing.T, err error) {
	t.Helper()
	var failed *gateway.Error
	if !errors.As(err, &failed) || failed.Kind == nil {
		t.Errorf("%T is no error of a gateway: %v", err, err)
	}
	if text := err.Error(); len(text) > maxErrorText || strings.ContainsAny(text, "\r\n\x00\x1b\uFFFD") || goWords.MatchString(text) {
		t.Errorf("not fit to be shown: %q", text[:min(len(text), 200)])
	}
}
