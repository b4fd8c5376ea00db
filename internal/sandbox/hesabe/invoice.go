package hesabe

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The values of invoice_status. There is none for an invoice past its last day, which
// stays unpaid. https://developer.hesabe.com/docs/api/get-quick-invoice-details
const (
	statusUnpaid   = 0
	statusPaid     = 1
	statusCanceled = 3
)

// The layouts of dates and times, in Kuwait.
const (
	dateLayout = "2006-01-02"
	timeLayout = "2006-01-02 15:04:05"
)

// invoice is a stored invoice.
type invoice struct {
	ledger.NoDeadline // whether the last day is over depends on the date

	ID             int64           `json:"id"`
	Token          string          `json:"token"`
	AccessKey      string          `json:"access_key"`
	Reference      string          `json:"reference"`
	Amount         decimal.Decimal `json:"amount"` // KWD
	BySMS          bool            `json:"by_sms"`
	CountryCode    string          `json:"country_code"`
	MobileNumber   string          `json:"mobile_number"`
	CustomerName   string          `json:"customer_name"`
	CustomerEmail  string          `json:"customer_email"`
	Description    string          `json:"description"`
	Language       string          `json:"language"`
	PaymentMethods []string        `json:"payment_methods"`
	Items          []item          `json:"items"`
	Webhook        string          `json:"webhook"`
	Status         int             `json:"status"`
	VisitedCount   int             `json:"visited_count"`
	Resent         int             `json:"resent"` // how often it was sent again
	CreatedAt      time.Time       `json:"created_at"`
	UpdatedAt      time.Time       `json:"updated_at"`
	LastDay        string          `json:"last_day"` // payable to its end, in Kuwait
	Payment        *payment        `json:"payment"`
}

type item struct {
	Title    string          `json:"title"`
	Rate     decimal.Decimal `json:"rate"`
	Quantity int64           `json:"quantity"`
	Amount   decimal.Decimal `json:"amount"`
}

type payment struct {
	ID         int64           `json:"id"`
	Token      string          `json:"token"`
	Amount     decimal.Decimal `json:"amount"`
	Commission decimal.Decimal `json:"commission"`
}

// isOver reports whether the last day has ended.
func (inv *invoice) isOver(now time.Time) bool {
	return dateOf(now) > inv.LastDay
}

// dateOf returns the date in Kuwait.
func dateOf(t time.Time) string { return t.In(kuwait).Format(dateLayout) }

// invoiceObject is an invoice as in the details,
// https://developer.hesabe.com/docs/api/get-quick-invoice-details .
type invoiceObject struct {
	ID             int64    `json:"id"`
	Type           int      `json:"invoice_type"`
	SubType        int      `json:"invoice_sub_type"`
	Token          string   `json:"token"`
	AccessKey      string   `json:"access_key"`
	SplitAccessKey string   `json:"split_access_key"`
	MerchantID     string   `json:"merchant_id"`
	Reference      string   `json:"reference_number"`
	Amount         string   `json:"amount"`
	ServiceCharge  string   `json:"service_charge"`
	PaymentMethod  []string `json:"payment_method"`
	Discount       string   `json:"discount"`
	Description    string   `json:"description"`
	SMSResponse    string   `json:"sms_response"`
	Status         int      `json:"invoice_status"`
	Subscription   *int     `json:"subscription"`
	SMSStatus      int      `json:"sms_status"`
	URLStatus      int      `json:"url_status"`
	VisitedCount   int      `json:"visited_count"`
	CountryID      *int     `json:"country_id"`
	CreatedID      int      `json:"created_id"`
	Language       string   `json:"language"`
	ExpiresAt      string   `json:"expires_at"`
	Attachment     string   `json:"attachment"`
	URL            string   `json:"url"`
	SplitURL       *string  `json:"spliturl"`
	CreatedAt      string   `json:"created_at"`
	UpdatedAt      string   `json:"updated_at"`
	Customer       customer `json:"customer"`
	CreatedBy      creator  `json:"created_by_merchant"`
	Products       []any    `json:"products"`
	Transaction    any      `json:"transaction"`
}

type customer struct {
	Name        string  `json:"name"`
	Email       string  `json:"email"`
	PhoneNumber *string `json:"phone_number"`
}

type creator struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type product struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Amount      string `json:"amount"`
	Quantity    int64  `json:"quantity"`
	FinalAmount string `json:"final_amount"`
}

// transactionObject has JSON numbers where the invoice has strings.
type transactionObject struct {
	ID                    int64       `json:"id"`
	Amount                json.Number `json:"amount"`
	NetAmount             json.Number `json:"net_amount"`
	Commission            json.Number `json:"commission"`
	AdminCharge           json.Number `json:"admin_charge"`
	Token                 string      `json:"token"`
	PaymentTypeID         int         `json:"payment_type_id"`
	ServiceTypeID         int         `json:"service_type_id"`
	PaymentTransferStatus int         `json:"payment_transfer_status"`
	PaymentStatus         int         `json:"payment_status"`
	AuthStatus            int         `json:"auth_status"`
	PaymentType           any         `json:"payment_type"`
	PaymentCardDetail     any         `json:"payment_card_detail"`
	Reconciliation        any         `json:"reconciliation"`
	PaymentTransfer       any         `json:"payment_transfer"`
	Refund                []any       `json:"refund"`
}

// knet is the payment type of every simulated payment,
// https://developer.hesabe.com/docs/api/get-transaction-list .
var knet = map[string]any{"id": 1, "name": "KNET", "display_name": "KNET"}

const (
	invoiceTypeSingle = 1
	invoiceTypeSMS    = 2 // https://developer.hesabe.com/docs/api/post-resend-invoice-id
	subTypeSMS        = 0
	subTypeURL        = 3
	serviceTypeSMS    = 2 // payment of an invoice, whatever its delivery
	paymentSuccess    = 1
)

// StatusWord returns the status in decimal.
func (inv *invoice) StatusWord() string { return strconv.Itoa(inv.Status) }

// Price returns the amount in KWD.
func (inv *invoice) Price() decimal.Decimal { return inv.Amount }

// url returns the payment page.
func (inv *invoice) url(tx transaction) string { return tx.PayURL(inv.Key(), site+"/s/"+inv.AccessKey) }

func (inv *invoice) object(tx transaction) invoiceObject {
	o := invoiceObject{
		ID: inv.ID, Type: invoiceTypeSingle, SubType: subTypeURL, URLStatus: 1,
		Token: inv.Token, AccessKey: inv.AccessKey, MerchantID: merchantID,
		Reference: inv.Reference, Amount: threeDecimals(inv.Amount),
		ServiceCharge: "0.000", Discount: "0.000",
		PaymentMethod: inv.PaymentMethods, Description: inv.Description,
		Status: inv.Status, VisitedCount: inv.VisitedCount,
		CreatedID: 84, Language: inv.Language, ExpiresAt: inv.LastDay,
		URL:       inv.url(tx),
		CreatedAt: inv.CreatedAt.In(kuwait).Format(timeLayout),
		UpdatedAt: inv.UpdatedAt.In(kuwait).Format(timeLayout),
		Customer:  customer{Name: inv.CustomerName, Email: inv.CustomerEmail},
		CreatedBy: creator{ID: 84, Name: Username},
		Products:  []any{},
	}
	if inv.BySMS {
		o.Type, o.SubType, o.SMSStatus, o.URLStatus = invoiceTypeSMS, subTypeSMS, 1, 0
	}
	if inv.Resent > 0 {
		o.SMSStatus = 1
	}
	if inv.MobileNumber != "" {
		o.Customer.PhoneNumber = &inv.MobileNumber
	}
	for i, it := range inv.Items {
		o.Products = append(o.Products, product{
			ID: i + 1, Name: it.Title, Quantity: it.Quantity,
			Amount: threeDecimals(it.Rate), FinalAmount: threeDecimals(it.Amount),
		})
	}
	if inv.Payment != nil {
		o.Transaction = inv.Payment.object(knet)
	}
	return o
}

// object shows a payment; paymentType is an object in details and a string in rows.
func (p *payment) object(paymentType any) transactionObject {
	return transactionObject{
		ID: p.ID, Token: p.Token,
		Amount:        json.Number(p.Amount.String()),
		NetAmount:     json.Number(p.Amount.Sub(p.Commission).String()),
		Commission:    json.Number(p.Commission.String()),
		AdminCharge:   "0",
		PaymentTypeID: 1, ServiceTypeID: serviceTypeSMS, PaymentTransferStatus: 0,
		PaymentStatus: paymentSuccess, PaymentType: paymentType, Refund: []any{},
	}
}

// rowObject is an invoice in the list,
// https://developer.hesabe.com/docs/api/get-quick-invoice .
type rowObject struct {
	invoiceObject
	OrderDropID  int    `json:"order_drop_id"`
	AdminCharge  string `json:"admin_charge"`
	Subscription int    `json:"subscription"`
}

// row shows the invoice in the list.
func (s *Simulator) row(tx transaction, inv *invoice) any {
	row := rowObject{invoiceObject: inv.object(tx), AdminCharge: "0.000"}
	switch {
	case inv.Payment != nil:
		row.Transaction = inv.Payment.object(knet["name"])
	case s.behaviour.UnpaidRowTransaction:
		row.Transaction = map[string]any{"id": nil, "token": nil, "amount": nil, "payment_type": nil, "admin_charge": nil}
	}
	if len(s.behaviour.RowsWithout) == 0 {
		return row
	}
	var members map[string]json.RawMessage
	raw, err := wire.EncodeJSON(row)
	if err == nil {
		err = json.Unmarshal(raw, &members)
	}
	if err != nil {
		panic(err) // a row can always be encoded
	}
	for _, name := range s.behaviour.RowsWithout {
		delete(members, name)
	}
	return members
}

func threeDecimals(d decimal.Decimal) string { return d.StringFixed(3) }

// newToken returns a token in the documented form: whose it is, the second of its
// creation in Unix time, and random digits. With 18 to 23 digits, it is too long for 64
// bits.
func newToken(owner string, at time.Time) string {
	return owner + strconv.FormatInt(at.Unix(), 10) + wire.RandomText(wire.Digits, 10)
}
