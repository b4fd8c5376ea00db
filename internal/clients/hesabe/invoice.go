package hesabe

import (
	"errors"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// kuwait is the time zone of every date and time on the wire. They do not say so, but
// tokens contain the second of creation, which shows it. Kuwait has no daylight saving
// time.
var kuwait = time.FixedZone("Asia/Kuwait", 3*60*60)

// timeLayout is the layout of created_at and updated_at.
const timeLayout = time.DateTime

// There is no status for an expired invoice.
const (
	statusIsUnpaid   = "0"
	statusIsPaid     = "1"
	statusIsCanceled = "3"
)

// Invoice is a single invoice with the fields of
// https://developer.hesabe.com/docs/api/get-quick-invoice-details. Text is empty if the
// response has none. Rows of a list may lack fields.
type Invoice struct {
	// ID is a number. Invoices are read by ID and canceled by Token.
	ID              string
	Token           string
	AccessKey       string
	SplitAccessKey  string
	MerchantID      string
	ReferenceNumber string

	InvoiceType    *int64
	InvoiceSubType *int64
	InvoiceStatus  string // a number
	Subscription   *int64
	SMSStatus      *int64
	URLStatus      *int64
	SMSResponse    string
	VisitedCount   *int64

	Amount        gateway.Money
	ServiceCharge gateway.Money
	AdminCharge   gateway.Money // in lists
	Discount      gateway.Money
	PaymentMethod []string // numbers

	Description string
	Language    string
	Attachment  string
	URL         string
	SplitURL    string
	CountryID   *int64
	CreatedID   *int64
	Customer    Customer
	CreatedBy   Creator
	Products    []Product

	// ExpiresAt is the last day in Kuwait, YYYY-MM-DD; Deadline is its end.
	ExpiresAt string
	CreatedAt time.Time
	UpdatedAt time.Time

	// Transaction is nil until there is a payment.
	Transaction *Transaction
}

// Customer is the payer.
type Customer struct {
	Name        string
	Email       string
	PhoneNumber string
}

// Creator is the merchant's user who created the invoice.
type Creator struct {
	ID   *int64
	Name string
}

// Product is a line item of an invoice.
type Product struct {
	ID          *int64
	Name        string
	Amount      gateway.Money
	Quantity    gateway.Money
	FinalAmount gateway.Money
}

// Transaction is a payment.
type Transaction struct {
	ID                    string
	Token                 string
	Amount                gateway.Money
	NetAmount             gateway.Money
	Commission            gateway.Money
	AdminCharge           gateway.Money
	PaymentTypeID         *int64
	ServiceTypeID         *int64
	PaymentTransferStatus *int64
	PaymentStatus         *int64
	AuthStatus            *int64
}

var errNoID = errors.New("it has no invoice id")

// readInvoice parses an invoice. With an error it returns what it could read, never
// nil. Without an error it has an id.
func readInvoice(raw []byte) (*Invoice, error) {
	o, err := transport.ParseObject(raw)
	if err != nil {
		return &Invoice{}, err
	}
	inv := &Invoice{
		ID:              o.Word("id"),
		Token:           o.Word("token"),
		AccessKey:       o.Word("access_key"),
		SplitAccessKey:  o.Text("split_access_key"),
		MerchantID:      o.Text("merchant_id"),
		ReferenceNumber: o.Text("reference_number"),

		InvoiceType:    o.Int("invoice_type"),
		InvoiceSubType: o.Int("invoice_sub_type"),
		InvoiceStatus:  o.Word("invoice_status"),
		Subscription:   o.Int("subscription"),
		SMSStatus:      o.Int("sms_status"),
		URLStatus:      o.Int("url_status"),
		SMSResponse:    o.Text("sms_response"),
		VisitedCount:   o.Int("visited_count"),

		Amount:        o.Money("amount"),
		ServiceCharge: o.Money("service_charge"),
		AdminCharge:   o.Money("admin_charge"),
		Discount:      o.Money("discount"),
		PaymentMethod: o.Texts("payment_method"),

		Description: o.Text("description"),
		Language:    o.Text("language"),
		Attachment:  o.Text("attachment"),
		URL:         o.Text("url"),
		SplitURL:    o.Text("spliturl"),
		CountryID:   o.Int("country_id"),
		CreatedID:   o.Int("created_id"),
		Customer:    readCustomer(o.Object("customer")),
		CreatedBy:   readCreator(o.Object("created_by_merchant")),
		Products:    readProducts(o.Objects("products")),

		CreatedAt:   o.Time("created_at", kuwait, timeLayout),
		UpdatedAt:   o.Time("updated_at", kuwait, timeLayout),
		Transaction: readTransaction(o.Object("transaction")),
	}
	if day := o.Time("expires_at", kuwait, time.DateOnly, timeLayout); !day.IsZero() {
		inv.ExpiresAt = day.In(kuwait).Format(time.DateOnly)
	}
	if ValidateID(inv.ID) != nil {
		inv.ID = ""
		return inv, errNoID
	}
	return inv, o.Err()
}

func readCustomer(o *transport.Object) Customer {
	return Customer{Name: o.Text("name"), Email: o.Text("email"), PhoneNumber: o.Text("phone_number")}
}

func readCreator(o *transport.Object) Creator {
	return Creator{ID: o.Int("id"), Name: o.Text("name")}
}

func readProducts(objects []*transport.Object) []Product {
	var products []Product
	for _, o := range objects {
		products = append(products, Product{
			ID:          o.Int("id"),
			Name:        o.Text("name"),
			Amount:      o.Money("amount"),
			Quantity:    o.Money("quantity"),
			FinalAmount: o.Money("final_amount"),
		})
	}
	return products
}

// readTransaction returns nil for an object with only nulls, which lists may have in
// unpaid rows.
func readTransaction(o *transport.Object) *Transaction {
	t := &Transaction{
		ID:                    o.Word("id"),
		Token:                 o.Word("token"),
		Amount:                o.Money("amount"),
		NetAmount:             o.Money("net_amount"),
		Commission:            o.Money("commission"),
		AdminCharge:           o.Money("admin_charge"),
		PaymentTypeID:         o.Int("payment_type_id"),
		ServiceTypeID:         o.Int("service_type_id"),
		PaymentTransferStatus: o.Int("payment_transfer_status"),
		PaymentStatus:         o.Int("payment_status"),
		AuthStatus:            o.Int("auth_status"),
	}
	if t.ID == "" && t.Token == "" {
		return nil
	}
	return t
}

// paymentFailed is the payment_status of a failed payment. The others are successes,
// refunds and authorizations.
// https://developer.hesabe.com/docs/api/get-transaction-list
const paymentFailed = 0

// movedMoney reports whether the transaction says that money was paid, authorized or
// refunded.
func (t *Transaction) movedMoney() bool {
	return t != nil && t.PaymentStatus != nil && *t.PaymentStatus != paymentFailed
}

// Deadline is the time after which the invoice cannot be paid: the end of its last day
// in Kuwait. It is zero if that day is not known.
func (i *Invoice) Deadline() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, i.ExpiresAt, kuwait)
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1)
}

// TransactionToken is the token of the payment; "" if there is none.
func (i *Invoice) TransactionToken() string {
	if i.Transaction == nil {
		return ""
	}
	return i.Transaction.Token
}

// PaidAt is when a paid invoice was paid; zero for any other. Payment is the last
// change of an invoice.
func (i *Invoice) PaidAt() time.Time {
	if i.InvoiceStatus != statusIsPaid || i.Transaction == nil {
		return time.Time{}
	}
	return i.UpdatedAt
}

func (i *Invoice) Facts(now time.Time) gateway.Facts {
	phase := i.phase(now)
	return gateway.Facts{
		ID:             i.ID,
		Reference:      i.ReferenceNumber,
		Token:          i.Token,
		Status:         i.InvoiceStatus,
		Phase:          phase,
		Amount:         i.Amount,
		Currency:       Currency,
		CreatedAt:      i.CreatedAt,
		AmountDecimals: decimals,
		Partial:        i.InvoiceStatus == statusIsUnpaid && i.Deadline().IsZero(),
		MoneyMoved:     phase.MoneyMoved() || i.Transaction.movedMoney(),
	}
}

func (i *Invoice) phase(now time.Time) gateway.Phase {
	deadline := i.Deadline()
	return Phases.Of(i.InvoiceStatus, !deadline.IsZero() && !now.Before(deadline))
}

// Phases maps the documented values of invoice_status.
// https://developer.hesabe.com/docs/api/get-quick-invoice-details
var Phases = gateway.PhaseTable{
	{Status: statusIsUnpaid, Phase: gateway.PhaseOpen},
	{Status: statusIsUnpaid, Phase: gateway.PhaseExpired, Late: true},
	{Status: statusIsPaid, Phase: gateway.PhasePaid},
	{Status: statusIsCanceled, Phase: gateway.PhaseCanceled},
}
