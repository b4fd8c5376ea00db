package cryptocloud

import (
	"testing"
	"time"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
)

// TestOpenFor: an invoice that may be adopted can have been made with a longer
// lifetime than the one in the new request.
func TestOpenFor(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		timeToPay *client.TimeToPay
		want      time.Duration
	}{
		"none":           {nil, 32 * day},
		"short":          {&client.TimeToPay{Minutes: 30}, 32 * day},
		"a month":        {&client.TimeToPay{Hours: 31 * 24}, 32 * day},
		"a bit longer":   {&client.TimeToPay{Hours: 31 * 24, Minutes: 1}, 32*day + time.Minute},
		"half a year":    {&client.TimeToPay{Hours: 180 * 24}, 181 * day},
		"by minutes":     {&client.TimeToPay{Minutes: 40 * 24 * 60}, 41 * day},
		"nothing at all": {&client.TimeToPay{}, 32 * day},
	} {
		if got := openFor(client.Spec{TimeToPay: test.timeToPay}); got != test.want {
			t.Errorf("%s: %v, not %v", name, got, test.want)
		}
	}
}
