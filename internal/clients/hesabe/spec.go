package hesabe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// How an invoice reaches the customer.
const (
	TypeURL = "url" // the merchant passes the link on
	TypeSMS = "sms" // Hesabe sends it
)

// wireTypes are the values of invoiceType in a create. In a list it means something
// else.
var wireTypes = map[string]string{TypeURL: "0", TypeSMS: "1"}

// decimals is the number of decimals of every amount on the wire: a dinar has 1000
// fils.
const decimals = 3

// Spec is an invoice to create,
// https://developer.hesabe.com/docs/api/post-quick-invoice. Only Amount is required;
// empty fields are not sent.
type Spec struct {
	Amount          gateway.Money `json:"-"`                      // KWD
	InvoiceType     string        `json:"-"`                      // TypeURL, the default, or TypeSMS
	MobileNumber    string        `json:"mobileNumber,omitempty"` // needed for TypeSMS, without the country code
	CountryCode     string        `json:"-"`                      // needed for TypeSMS
	CustomerName    string        `json:"customerName,omitempty"`
	CustomerEmail   string        `json:"customerEmail,omitempty"`
	ReferenceNumber string        `json:"referenceNumber,omitempty"`
	Description     string        `json:"description,omitempty"`
	ExpiresAt       string        `json:"expiresAt,omitempty"` // YYYY-MM-DD, the last day in Kuwait
	Language        string        `json:"language,omitempty"`  // "en" or "ar"
	AllocatePayType []int64       `json:"-"`
	Items           []Item        `json:"-"`
	Webhook         string        `json:"webhook,omitempty"`
}

// Item is a line item of an invoice.
type Item struct {
	Title    string
	Rate     gateway.Money
	Quantity int64
	Amount   gateway.Money
}

// createPayload is a Spec on the wire.
type createPayload struct {
	MerchantCode string `json:"merchantCode"`
	Amount       string `json:"amount"`
	InvoiceType  string `json:"invoiceType"`
	Spec
	CountryCode     string        `json:"countryCode,omitempty"`
	AllocatePayType string        `json:"allocatePayType,omitempty"`
	ItemsList       []itemPayload `json:"itemsList,omitempty"`
}

type itemPayload struct {
	ItemTitle string `json:"itemTitle"`
	Rate      string `json:"rate"`
	Quantity  int64  `json:"quantity"`
	Amount    string `json:"amount"`
}

// payload encodes the spec. The errors are *gateway.Error and name the field.
func (c *Client) payload(spec Spec) (*createPayload, error) {
	amount, err := c.amount("amount", spec.Amount)
	if err != nil {
		return nil, err
	}
	wireType, known := wireTypes[spec.InvoiceType]
	switch {
	case spec.InvoiceType == "":
		wireType = wireTypes[TypeURL]
	case !known:
		return nil, c.http.InvalidRequest(transport.OpCreate, "invoiceType", fmt.Sprintf("%q is neither %q nor %q", spec.InvoiceType, TypeURL, TypeSMS))
	}
	items, err := c.items(spec.Items)
	if err != nil {
		return nil, err
	}
	return &createPayload{
		MerchantCode: c.creds.MerchantCode,
		Amount:       amount,
		InvoiceType:  wireType,
		Spec:         spec,
		// Older pages write +965, the newest ones 965.
		CountryCode:     strings.TrimPrefix(spec.CountryCode, "+"),
		AllocatePayType: joinNumbers(spec.AllocatePayType),
		ItemsList:       items,
	}, nil
}

func (c *Client) items(items []Item) ([]itemPayload, error) {
	var list []itemPayload
	for i, item := range items {
		field := fmt.Sprintf("itemsList.%d.", i)
		rate, err := c.amount(field+"rate", item.Rate)
		if err != nil {
			return nil, err
		}
		amount, err := c.amount(field+"amount", item.Amount)
		if err != nil {
			return nil, err
		}
		list = append(list, itemPayload{ItemTitle: item.Title, Rate: rate, Quantity: item.Quantity, Amount: amount})
	}
	return list, nil
}

func (c *Client) amount(field string, amount gateway.Money) (string, error) {
	if !amount.IsPresent() {
		return "", c.http.InvalidRequest(transport.OpCreate, field, "it is not set")
	}
	text, err := amount.Fixed(decimals)
	if err != nil {
		return "", c.http.InvalidRequest(transport.OpCreate, field, err.Error())
	}
	return text, nil
}

// joinNumbers formats numbers as "1,2", each once and in ascending order.
func joinNumbers(numbers []int64) string {
	var texts []string
	for _, number := range slices.Compact(slices.Sorted(slices.Values(numbers))) {
		texts = append(texts, strconv.FormatInt(number, 10))
	}
	return strings.Join(texts, ",")
}
