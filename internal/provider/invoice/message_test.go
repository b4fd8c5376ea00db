package invoice

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestMessage(t *testing.T) {
	refused := &gateway.Error{
		Gateway: "Meum", Operation: "list invoices", Kind: gateway.ErrUnauthorized,
		Status: 401, Code: "UNAUTHORIZED", Message: "Invalid API key.",
	}
	for _, test := range []struct {
		err  error
		want string
	}{
		{refused, `Meum responded to "list invoices" with HTTP 401 (UNAUTHORIZED): Invalid API key`},
		{fmt.Errorf("reading page 2: %w", refused), `reading page 2: Meum responded to "list invoices" with HTTP 401 (UNAUTHORIZED): Invalid API key`},
		{
			&gateway.Error{Gateway: "Meum", Operation: "read invoice", Kind: gateway.ErrUnavailable, Status: 503, Message: "a page"},
			`Meum responded to "read invoice" with HTTP 503: a page`,
		},
		{&gateway.Error{Gateway: "Meum", Operation: "read invoice", Kind: gateway.ErrUnauthorized, Status: 401}, `Meum responded to "read invoice" with HTTP 401`},
		{
			&gateway.Error{Gateway: "Meum", Operation: "create invoice", Kind: gateway.ErrRateLimited, Status: 429, Message: "Slow down"},
			`Meum did not accept "create invoice" in time, because of its rate limit (HTTP 429): Slow down`,
		},
		{
			&gateway.Error{Gateway: "Meum", Operation: "create invoice", Kind: gateway.ErrRateLimited, Err: errors.New("the time is up")},
			`Meum did not accept "create invoice" in time, because of its rate limit: the time is up`,
		},
		{
			&gateway.Error{Gateway: "Meum", Operation: "read invoice", Kind: gateway.ErrUnexpected, Status: 404, Message: "a page"},
			`Meum returned an unexpected response to "read invoice": HTTP 404: a page`,
		},
		{
			&gateway.Error{Gateway: "Meum", Operation: "read invoice", Kind: gateway.ErrUnavailable, Err: errors.New("connection refused")},
			`Meum did not respond to "read invoice" (gateway unavailable): connection refused`,
		},
		{
			&gateway.Error{
				Gateway: "Hesabe", Operation: "create invoice", Kind: gateway.ErrInvalid, Status: 422, Message: "Invalid data",
				Fields: []gateway.FieldError{{Field: "amount", Message: "too small"}, {Field: "language", Message: "unknown"}},
			},
			`Hesabe responded to "create invoice" with HTTP 422: Invalid data; amount: too small; language: unknown`,
		},
		{
			&gateway.Error{Gateway: "CryptoCloud", Operation: "read invoice", Kind: gateway.ErrNotFound, Message: "the response does not hold the invoice"},
			"CryptoCloud: read invoice: not found: the response does not hold the invoice",
		},
		{fmt.Errorf("%w, twice", refused), refused.Error() + ", twice"},
		{
			&gateway.Error{Gateway: "Meum", Operation: "cancel invoice", Kind: gateway.ErrClosed, Message: "It is paid."},
			"Meum: cancel invoice: invoice is closed: It is paid",
		},
	} {
		if got := message(test.err); got != test.want {
			t.Errorf("%v\n  becomes %s\n  not     %s", test.err, got, test.want)
		}
	}
}

// TestCredentialsAreAList: six credentials in one sentence are not read.
func TestCredentialsAreAList(t *testing.T) {
	many := reporter{name: "hesabe", settings: []Setting{{Name: "username"}, {Name: "password"}, {Name: "note", Optional: true}}}
	const want = "The gateway rejected the credentials. Check:\n" +
		"  - the provider attribute hesabe.username or the environment variable HESABE_USERNAME\n" +
		"  - the provider attribute hesabe.password or the environment variable HESABE_PASSWORD"
	if got := many.advice(&gateway.Error{Kind: gateway.ErrUnauthorized}); got != want {
		t.Errorf("%s", got)
	}
	one := reporter{name: "meum", settings: []Setting{{Name: "api_key"}}}
	if got := one.advice(&gateway.Error{Kind: gateway.ErrUnauthorized}); got != "The gateway rejected the credentials. Check the provider attribute meum.api_key or the environment variable MEUM_API_KEY." {
		t.Errorf("%s", got)
	}
}

// TestListFailure speaks of invoices that are not used only where there are some.
func TestListFailure(t *testing.T) {
	r := reporter{name: "meum", title: "Meum"}
	failed := &gateway.Error{Gateway: "Meum", Operation: "list invoices", Kind: gateway.ErrUnauthorized, Status: 401}
	for read, want := range map[int]bool{0: false, 100: true} {
		said := r.listFailure(failed, read)[0].Detail()
		if strings.Contains(said, "not used") != want || strings.Contains(said, "100") != want {
			t.Errorf("after %d invoices: %s", read, said)
		}
	}
}
