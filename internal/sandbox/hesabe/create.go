package hesabe

import (
	"encoding/json"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// defaultDays is how many days after its creation an invoice without expiresAt ends.
// Hesabe documents no default; the published invoice at
// https://developer.hesabe.com/docs/api/get-quick-invoice-details ends three days
// later.
const defaultDays = 3

// The values of invoiceType in a create.
const (
	byURL = "0"
	bySMS = "1"
)

var (
	amountForm      = regexp.MustCompile(`^(0|[1-9][0-9]*)\.[0-9]{3}$`)
	itemAmountForm  = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]{1,3})?$`)
	mobileForm      = regexp.MustCompile(`^[0-9]{4,15}$`)
	countryCodeForm = regexp.MustCompile(`^\+?[1-9][0-9]{0,3}$`)
	quantityForm    = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
)

// paymentMethods are the possible numbers in allocatePayType,
// https://developer.hesabe.com/docs/api/get-transaction-list .
var paymentMethods = []string{"1", "2", "5", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "18", "19", "20"}

// create creates an invoice. https://developer.hesabe.com/docs/api/post-quick-invoice
func (s *Simulator) create(tx transaction, c *call) (httpResponse, error) {
	inv, found := s.readInvoice(c)
	if len(found) > 0 {
		return httpResponse{}, s.invalid(found)
	}
	id, err := nextID(tx)
	if err != nil {
		return httpResponse{}, err
	}
	inv.ID = id
	if err := tx.Save(inv); err != nil {
		return httpResponse{}, err
	}
	a := s.success("Invoice created successfully", inv.object(tx))
	if s.behaviour.CreateStatus != 0 {
		a.status = s.behaviour.CreateStatus
	}
	return a, nil
}

// readInvoice returns an invoice, still without id, from a create's payload.
func (s *Simulator) readInvoice(c *call) (*invoice, complaints) {
	f, _ := c.form()
	created := c.now.UTC().Truncate(time.Second)
	inv := &invoice{
		Token:     newToken(merchantID, created),
		AccessKey: wire.RandomText(wire.UpperAlnum, 8),
		CreatedAt: created,
		UpdatedAt: created,

		Amount:         f.amount("amount"),
		BySMS:          f.choice("invoiceType", "", byURL, bySMS) == bySMS,
		MobileNumber:   f.matching("mobileNumber", mobileForm),
		CountryCode:    f.matching("countryCode", countryCodeForm),
		CustomerName:   f.text("customerName"),
		CustomerEmail:  f.email("customerEmail"),
		Reference:      f.text("referenceNumber"),
		Description:    f.text("description"),
		LastDay:        f.lastDay("expiresAt", created),
		Language:       f.choice("language", "en", "en", "ar"),
		PaymentMethods: f.payTypes("allocatePayType", s.behaviour.AllocatePayTypeList),
		Items:          f.items("itemsList"),
		Webhook:        f.webhook("webhook"),
	}
	if inv.BySMS {
		f.require("mobileNumber", inv.MobileNumber != "")
		f.require("countryCode", inv.CountryCode != "")
	}
	if strings.HasPrefix(inv.CountryCode, "+") && !s.behaviour.PlusInCountryCode {
		f.complaints.add("countryCode", "The countryCode format is invalid.")
	}
	if s.behaviour.OlderRequirements {
		f.require("customerName", inv.CustomerName != "")
		f.require("allocatePayType", len(inv.PaymentMethods) > 0)
		f.require("expiresAt", inv.LastDay != "")
	}

	if inv.Reference == "" {
		inv.Reference = merchantID + wire.RandomText(wire.Digits, 9)
	}
	if inv.LastDay == "" {
		inv.LastDay = dateOf(created.AddDate(0, 0, defaultDays))
	}
	if len(inv.PaymentMethods) == 0 {
		inv.PaymentMethods = []string{"1", "2"}
	}
	return inv, f.done()
}

// amount reads a required text with exactly three decimals, above zero.
func (f *form) amount(field string) decimal.Decimal {
	text := f.required(field)
	if text == "" {
		return decimal.Zero
	}
	value, err := decimal.NewFromString(text)
	if err != nil || !amountForm.MatchString(text) || !value.IsPositive() {
		f.complaints.add(field, "The %s must be above zero and have three decimals.", field)
	}
	return value
}

// choice reads a text that is one of allowed; it is required if there is no default.
func (f *form) choice(field, byDefault string, allowed ...string) string {
	text := f.text(field)
	switch {
	case text == "" && byDefault == "":
		f.require(field, false)
	case text == "":
		return byDefault
	case !slices.Contains(allowed, text):
		f.complaints.add(field, "The selected %s is invalid.", field)
	}
	return text
}

// matching reads an optional text of a form.
func (f *form) matching(field string, form *regexp.Regexp) string {
	text := f.text(field)
	if text != "" && !form.MatchString(text) {
		f.complaints.add(field, "The %s format is invalid.", field)
	}
	return text
}

func (f *form) email(field string) string {
	text := f.text(field)
	if text == "" {
		return ""
	}
	if address, err := mail.ParseAddress(text); err != nil || address.Address != text {
		f.complaints.add(field, "The %s must be a valid email address.", field)
	}
	return text
}

func (f *form) webhook(field string) string {
	text := f.text(field)
	if text == "" {
		return ""
	}
	if !wire.IsURL(text) {
		f.complaints.add(field, "The %s must be a valid URL.", field)
	}
	return text
}

// lastDay reads an optional date that is not over yet.
func (f *form) lastDay(field string, now time.Time) string {
	text := f.text(field)
	if text == "" {
		return ""
	}
	if day, err := time.Parse(dateLayout, text); err != nil || day.Format(dateLayout) != text {
		f.complaints.add(field, "The %s does not match the format Y-m-d.", field)
	} else if text < dateOf(now) {
		f.complaints.add(field, "The %s must be a date after or equal to today.", field)
	}
	return text
}

// payTypes reads an optional list of payment methods, written "1,2" or, on older pages,
// [1,2].
func (f *form) payTypes(field string, lists bool) []string {
	var numbers []string
	if raw := f.object.Raw(field); lists && len(raw) > 0 && raw[0] == '[' {
		f.known = append(f.known, field)
		items, _, err := f.object.Items(field)
		f.check(field, err)
		for _, item := range items {
			numbers = append(numbers, strings.Trim(string(item), `"`))
		}
	} else if text := f.text(field); text != "" {
		numbers = strings.Split(text, ",")
	}
	for _, number := range numbers {
		if !slices.Contains(paymentMethods, number) {
			f.complaints.add(field, "The selected %s is invalid.", field)
			break
		}
	}
	return numbers
}

// items reads an optional array of goods; no documented rule ties their amounts to the
// invoice's.
func (f *form) items(field string) []item {
	f.known = append(f.known, field)
	list, _, err := f.object.Items(field)
	f.check(field, err)
	var items []item
	for i, raw := range list {
		object, err := wire.ParseObject(raw)
		if err != nil {
			f.complaints.add(field, "The %s.%d must be an object.", field, i)
			continue
		}
		one := newForm(object)
		items = append(items, item{
			Title:    one.required("itemTitle"),
			Rate:     one.itemAmount("rate"),
			Quantity: one.quantity("quantity"),
			Amount:   one.itemAmount("amount"),
		})
		for member, texts := range one.done() {
			f.complaints[field+"."+strconv.Itoa(i)+"."+member] = texts
		}
	}
	return items
}

func (f *form) itemAmount(field string) decimal.Decimal {
	text := f.required(field)
	if text == "" {
		return decimal.Zero
	}
	value, err := decimal.NewFromString(text)
	if err != nil || !itemAmountForm.MatchString(text) {
		f.complaints.add(field, "The %s format is invalid.", field)
	}
	return value
}

// quantity reads a whole number, written as a number or as text: the pages do not say
// which.
func (f *form) quantity(field string) int64 {
	raw := f.object.Raw(field)
	if len(raw) == 0 || raw[0] == '"' {
		text := f.required(field)
		if text == "" {
			return 0
		}
		raw = json.RawMessage(text)
	} else {
		f.known = append(f.known, field)
	}
	if !quantityForm.Match(raw) {
		f.complaints.add(field, "The %s must be a whole number above zero.", field)
		return 0
	}
	value, _ := strconv.ParseInt(string(raw), 10, 64) // guaranteed by the form
	return value
}
