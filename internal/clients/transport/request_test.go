package transport

import (
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestEncodeJSON(t *testing.T) {
	text, err := EncodeJSON(map[string]any{"b": "<&>ü", "a": []int{1}})
	if err != nil || string(text) != `{"a":[1],"b":"<&>ü"}` {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := EncodeJSON(func() {}); err == nil {
		t.Error("a function is not JSON")
	}
}

func TestUnsendable(t *testing.T) {
	c := New(Config{Gateway: "Example", Secrets: []string{"sesame"}})
	failed := c.InvalidRequest("create invoice", "amount", "sesame is no amount")
	if failed.Kind != gateway.ErrInvalid || failed.Gateway != "Example" || failed.Operation != "create invoice" || failed.Status != 0 ||
		len(failed.Fields) != 1 || failed.Fields[0].Field != "amount" || strings.Contains(failed.Error(), "sesame") {
		t.Errorf("%+v", failed)
	}
}
