package invoice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// privateStateKey is the record's key in a resource's private state.
const privateStateKey = "arguments"

// privateState records which arguments a configuration has set: the state alone cannot
// tell an argument that was never sent from one that an import could not learn.
type privateState struct {
	// Imported says that this resource did not create the invoice.
	Imported bool `json:"imported,omitempty"`
	// Asserted are the arguments that a configuration has set.
	Asserted []string `json:"asserted,omitempty"`
	// Claim is the token of the claim on the invoice, in the process that created it or
	// took it over.
	Claim string `json:"claim,omitempty"`
}

func (r privateState) asserts(name string) bool { return slices.Contains(r.Asserted, name) }

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func readPrivateState(ctx context.Context, private privateReader) (privateState, diag.Diagnostics) {
	raw, diags := private.GetKey(ctx, privateStateKey)
	var r privateState
	if len(raw) > 0 && json.Unmarshal(raw, &r) != nil {
		// An unreadable record counts as none: arguments then count as sent.
		r = privateState{}
	}
	return r, diags
}

func writePrivateState(ctx context.Context, private privateWriter, r privateState) diag.Diagnostics {
	raw, err := json.Marshal(r)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write the private state of the invoice", err.Error())}
	}
	return private.SetKey(ctx, privateStateKey, raw)
}

// provenanceKey is the key of an invoice's provenance in private state.
const provenanceKey = "provenance"

// readProvenance returns nil if none was recorded.
func readProvenance(ctx context.Context, private privateReader) (*engine.Provenance, diag.Diagnostics) {
	raw, diags := private.GetKey(ctx, provenanceKey)
	if len(raw) == 0 {
		return nil, diags
	}
	var p engine.Provenance
	if err := json.Unmarshal(raw, &p); err != nil {
		diags.AddError("Cannot read the private state of the invoice",
			fmt.Sprintf("The resource's private state is damaged: %v. Remove the resource from the state with terraform state rm, and import the invoice again.", err))
		return nil, diags
	}
	return &p, diags
}

func writeProvenance(ctx context.Context, private privateWriter, p engine.Provenance) diag.Diagnostics {
	raw, err := json.Marshal(p)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot write the private state of the invoice", err.Error())}
	}
	return private.SetKey(ctx, provenanceKey, raw)
}
