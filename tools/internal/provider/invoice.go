package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// Invoice has the attributes of any gateway's invoice in a state.
type Invoice struct {
	ID          string `json:"id"`
	Amount      string `json:"amount"`
	Status      string `json:"status"`
	Phase       string `json:"phase"`
	MoneyMoved  bool   `json:"money_moved"`
	CheckoutURL string `json:"checkout_url"`
}

// ResourceType is the type of a gateway's invoices.
func ResourceType(gateway string) string { return "payinvoice_" + gateway + "_invoice" }

// Example is the first example of a gateway's invoice, a resource with the name order.
func Example(root, gateway string) (string, error) {
	content, err := os.ReadFile(filepath.Join(root, "examples", "resources", ResourceType(gateway), "resource.tf"))
	resource, _, _ := strings.Cut(string(content), "\noutput ")
	return resource, err
}

// Invoices returns the invoices with a name in the output of "terraform show -json", by
// gateway.
func Invoices(answer []byte, name string) (map[string]Invoice, error) {
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Type, Name string
					Values     Invoice
				} `json:"resources"`
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal(answer, &state); err != nil {
		return nil, err
	}
	invoices := map[string]Invoice{}
	for _, r := range state.Values.Root.Resources {
		if r.Name == name {
			gateway := strings.TrimSuffix(strings.TrimPrefix(r.Type, "payinvoice_"), "_invoice")
			invoices[gateway] = r.Values
		}
	}
	return invoices, nil
}
