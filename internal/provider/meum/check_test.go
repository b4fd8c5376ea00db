package meum

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// TestCheckCallback: a create checks it as well, because a plan may not know the
// provider's settings.
func TestCheckCallback(t *testing.T) {
	settings := invoice.Settings{"api_key": "k", "endpoint": "https://api.meum.io"}
	for _, url := range []types.String{types.StringNull(), types.StringUnknown(), types.StringValue("https://shop.example/hook")} {
		if diags := checkCallback(url, settings); diags.HasError() {
			t.Errorf("%s: %v", url, diags)
		}
	}
	if diags := checkCallback(types.StringValue("http://shop.example/hook"), settings); diags.ErrorsCount() != 1 {
		t.Errorf("http is accepted: %v", diags)
	}
}
