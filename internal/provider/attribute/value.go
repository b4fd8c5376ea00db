package attribute

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Text is a gateway's text; null when it is empty.
func Text(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Decimal is a gateway's number as text; null when there is none.
func Decimal(m gateway.Money) types.String { return Text(m.String()) }

// Time is a time in RFC 3339, UTC; null when there is none.
func Time(t time.Time) types.String { return Text(gateway.FormatTime(t)) }

// Bool is a gateway's flag; null when there is none.
func Bool(b *bool) types.Bool { return types.BoolPointerValue(b) }

// Int is a gateway's whole number; null when there is none.
func Int(i *int64) types.Int64 { return types.Int64PointerValue(i) }

// Texts is a gateway's list of texts; null when there is none.
func Texts(texts []string) types.List {
	if texts == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.ListValueMust(types.StringType, elements)
}

// known reports a value that is neither null nor unknown.
func known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// Argument settles an argument with what the gateway reports of it. No gateway
// can change an invoice, so what is already known stands: a gateway's own
// spelling of it must never plan a replacement. What is not known, as after an
// import, is learned.
func Argument[V attr.Value](prior, reported V) V {
	if known(prior) {
		return prior
	}
	return reported
}

// Keep is the reported value, or the one before when the gateway has stopped
// reporting it.
func Keep[V attr.Value](prior, reported V) V {
	if reported.IsNull() && known(prior) {
		return prior
	}
	return reported
}
