package attribute

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// StringOrNull converts text of a gateway; "" becomes null.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Decimal converts an amount to decimal text; a missing one becomes null.
func Decimal(m gateway.Money) types.String { return StringOrNull(m.String()) }

// Time converts a time to RFC 3339 in UTC; the zero time becomes null.
func Time(t time.Time) types.String { return StringOrNull(gateway.FormatTime(t)) }

// Bool converts a flag; nil becomes null.
func Bool(b *bool) types.Bool { return types.BoolPointerValue(b) }

// Int converts a whole number; nil becomes null.
func Int(i *int64) types.Int64 { return types.Int64PointerValue(i) }

// StringListOrNull converts a list of texts; nil becomes null.
func StringListOrNull(texts []string) types.List {
	if texts == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.ListValueMust(types.StringType, elements)
}

// known reports whether a value is neither null nor unknown.
func known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// PriorOrReported returns the value of an argument after a read. A known value is kept:
// no gateway can change an invoice, and a different spelling must not plan a
// replacement. An unknown one, as after an import, is taken from the gateway.
func PriorOrReported[V attr.Value](prior, reported V) V {
	if known(prior) {
		return prior
	}
	return reported
}

// ReportedOrPrior returns the reported value, or the prior one if the gateway no longer
// reports it.
func ReportedOrPrior[V attr.Value](prior, reported V) V {
	if reported.IsNull() && known(prior) {
		return prior
	}
	return reported
}
