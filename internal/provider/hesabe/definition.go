// Package hesabe defines the Hesabe resource: its schema, its model, and the
// mappings to and from the client.
package hesabe

import (
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
)

// decimals is the number of decimals of an amount in KWD: a dinar has 1000 fils.
const decimals = 3

// Definition describes Hesabe to the engine.
func Definition() *invoice.Definition[client.Spec, *client.Invoice] {
	return &invoice.Definition[client.Spec, *client.Invoice]{
		Name:            client.Name,
		Title:           client.Title,
		DefaultEndpoint: client.DefaultEndpoint,
		Phases:          client.Phases,
		Settings: []invoice.Setting{
			{Name: "username", Description: "The user name of the merchant panel."},
			{Name: "password", Sensitive: true, Description: "The password of the merchant panel."},
			{Name: "merchant_code", IdentifiesAccount: true, Description: "The merchant code: digits."},
			{Name: "access_code", Sensitive: true, IdentifiesAccount: true, Description: "The access code, a UUID."},
			{Name: "secret_key", Sensitive: true, Description: "The key that payloads are encrypted with, 32 characters."},
			{Name: "iv_key", Sensitive: true, Description: "The initialization vector that payloads are encrypted with, 16 characters."},
		},
		SandboxCredentials: map[string]string{
			"username": sandbox.Username, "password": sandbox.Password, "merchant_code": sandbox.MerchantCode,
			"access_code": sandbox.AccessCode, "secret_key": sandbox.SecretKey, "iv_key": sandbox.IVKey,
		},
		Connect: connect,
		Description: "An invoice at Hesabe, in Kuwaiti dinars. " +
			"Hesabe has no status for an expired invoice: its `phase` becomes `expired` after its last day has ended in Kuwait.",
		Attributes: attributes,
		New:        func() invoice.Model[client.Spec, *client.Invoice] { return &model{} },
		NewView:    func() invoice.View[*client.Invoice] { return &reported{} },
		Unreported: []string{"mobile_number", "country_code", "items", "webhook"},
		DataSourceDescriptions: map[string]string{
			"amount":            "The amount in KWD, as decimal text.",
			"allocate_pay_type": "The numbers of the payment methods that the payer can choose from, such as `1` for KNET and `2` for MPGS.",
			"expires_at":        "The last day on which the invoice can be paid, `YYYY-MM-DD`, until the end of that day in Kuwait (UTC+3).",
			"id":                "The invoice's id, a number as text.",
			"invoice_type":      "How the invoice reaches the customer: `url` (you send `checkout_url` to the customer) or `sms` (Hesabe sends it).",
			"reference_number":  "The merchant's own reference for the invoice.",
		},
		Listing:            listing(),
		ListCreatedBetween: listCreatedBetween,
		Alternative:        byToken(),
		Actions:            []func() action.Action{newResendAction},
		NormalizeID:        normalizeID,
		UnreliableOnImport: []string{"invoice_type"}, // what a record reports for it is not documented
		CheckArguments:     checkArguments,
		Fields:             fields,
		ReadBack:           true,
		TokenAttribute:     "token",
		Deadline:           func(expiresAt string) time.Time { return (&client.Invoice{ExpiresAt: expiresAt}).Deadline() },
		LooksUpFirst:       true,
	}
}

func connect(s invoice.Settings, cfg transport.Config) (gateway.Gateway[client.Spec, *client.Invoice], error) {
	return client.New(client.Credentials{
		Username: s["username"], Password: s["password"], MerchantCode: s["merchant_code"],
		AccessCode: s["access_code"], SecretKey: s["secret_key"], IVKey: s["iv_key"],
	}, cfg)
}

// fields are the wire names that differ from the attributes' names.
var fields = map[string]string{
	"invoiceType":     "invoice_type",
	"mobileNumber":    "mobile_number",
	"countryCode":     "country_code",
	"customerName":    "customer_name",
	"customerEmail":   "customer_email",
	"referenceNumber": "reference_number",
	"orderId":         "reference_number",
	"expiresAt":       "expires_at",
	"allocatePayType": "allocate_pay_type",
	"itemsList":       "items",
}

func normalizeID(id string) (string, error) {
	id = strings.TrimSpace(id)
	return id, client.ValidateID(id)
}

func attributes() map[string]schema.Attribute {
	kind := attribute.OptionalComputedString("How the invoice reaches the customer: `url` (default; you send `checkout_url` to the customer) or `sms` (Hesabe sends it to `mobile_number`).",
		stringvalidator.OneOf(client.TypeURL, client.TypeSMS))
	kind.Default = stringdefault.StaticString(client.TypeURL)
	return map[string]schema.Attribute{
		"id": attribute.ComputedString("The invoice's id, a number as text. It is used to read the invoice; `token` is used to cancel it."),
		"amount": schema.StringAttribute{
			Required: true, CustomType: attribute.AmountType{},
			Validators:          []validator.String{attribute.Decimals(decimals)},
			MarkdownDescription: "The amount in KWD: a decimal number greater than zero with at most three decimals, such as `20` or `\"20.250\"`. `20` and `\"20.000\"` are the same amount." + attribute.Replaces,
		},
		"status":           attribute.ComputedString("The gateway's status number, as text: `0` unpaid, `1` paid, `3` canceled."),
		"invoice_type":     kind,
		"mobile_number":    attribute.OptionalString("The customer's mobile number: digits, without the country code. Required if `invoice_type` is `sms`.", mobileNumber()),
		"country_code":     attribute.OptionalString("The country code of `mobile_number`, such as `965`. Required if `invoice_type` is `sms`.", countryCode()),
		"customer_name":    attribute.OptionalComputedString("The customer's name."),
		"customer_email":   attribute.OptionalComputedString("The customer's e-mail address."),
		"reference_number": attribute.OptionalComputedString("The merchant's own reference for the invoice. By default, a unique one is generated."),
		"description":      attribute.OptionalComputedString("A description of the invoice."),
		"expires_at":       attribute.OptionalComputedString("The last day on which the invoice can be paid, `YYYY-MM-DD`, until the end of that day in Kuwait (UTC+3). By default, Hesabe chooses one.", attribute.Date()),
		"language":         attribute.OptionalComputedString("The language of the payment page: `en` or `ar`.", stringvalidator.OneOf("en", "ar")),
		"allocate_pay_type": schema.SetAttribute{
			Optional: true, Computed: true, ElementType: attribute.IntegerType{},
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1), attribute.Integers(), setvalidator.ValueInt64sAre(int64validator.AtLeast(1))},
			MarkdownDescription: "The [numbers of the payment methods](https://developer.hesabe.com/docs/api/get-transaction-list) that the payer can choose from, such as `[1, 2]` for KNET and MPGS." + attribute.Replaces,
		},
		"items":   items(),
		"webhook": attribute.OptionalString("The URL to which Hesabe sends a webhook when the invoice is paid."),

		"token":             attribute.ComputedString("The invoice's token: digits, as text because they exceed 64 bits."),
		"access_key":        attribute.ComputedString("The key in `checkout_url`."),
		"service_charge":    attribute.ComputedString("The service charge in KWD, as decimal text."),
		"discount":          attribute.ComputedString("The discount in KWD, as decimal text."),
		"visited_count":     attribute.ComputedInt64("How often the payment page has been opened."),
		"updated_at":        attribute.ComputedString("When the invoice last changed, in RFC 3339 format, UTC."),
		"transaction_token": attribute.ComputedString("The token of the payment's transaction; null until the invoice is paid."),
		"paid_at":           attribute.ComputedString("When the invoice was paid, in RFC 3339 format, UTC; null until then."),
	}
}

func items() schema.Attribute {
	return schema.ListNestedAttribute{
		Optional:            true,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		MarkdownDescription: "The line items of the invoice." + attribute.Replaces,
		NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"title":    schema.StringAttribute{Required: true, Validators: attribute.NotEmpty(), MarkdownDescription: "The name of the item."},
				"rate":     itemAmount("The price of one unit, in KWD, with at most three decimals."),
				"quantity": schema.Int64Attribute{Required: true, CustomType: attribute.IntegerType{}, Validators: []validator.Int64{int64validator.AtLeast(1)}, MarkdownDescription: "The number of units: a whole number of at least `1`."},
				"amount":   itemAmount("The total price of the item, in KWD, with at most three decimals."),
			},
		},
	}
}

func itemAmount(description string) schema.Attribute {
	return schema.StringAttribute{
		Required: true, CustomType: attribute.AmountType{},
		Validators:          []validator.String{attribute.Decimals(decimals)},
		MarkdownDescription: description,
	}
}

func mobileNumber() validator.String {
	return digits("^[0-9]{4,15}$", "must be digits, without the country code")
}

func countryCode() validator.String {
	return digits(`^\+?[0-9]{1,4}$`, "must be a country code such as 965")
}

func digits(form, message string) validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(form), message)
}
