package sandboxtest

import (
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

// Merchant is the merchant of a sandbox's server at an address.
func Merchant(t testing.TB, url string) merchant.Merchant {
	settings := map[string]string{}
	for gateway, account := range sandbox.Accounts() {
		prefix := strings.ToUpper(gateway) + "_"
		settings[prefix+"ENDPOINT"] = url + "/" + gateway
		settings[prefix+"WEBHOOK_SECRET"] = account.WebhookSecret
		for name, value := range account.Settings {
			settings[prefix+strings.ToUpper(name)] = value
		}
	}
	return merchant.Merchant{T: t, Settings: settings}
}
