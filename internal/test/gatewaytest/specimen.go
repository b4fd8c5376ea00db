// Package gatewaytest describes each gateway to the tests and programs that treat all
// gateways alike. A new gateway needs a new specimen.
package gatewaytest

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// Specimens are those of all gateways.
func Specimens() []Specimen {
	return []Specimen{cryptocloudSpecimen(), hesabeSpecimen(), xpaysSpecimen(), meumSpecimen()}
}

// Named is the specimen of a gateway. It panics when there is none.
func Named(name string) Specimen {
	all := Specimens()
	return all[slices.IndexFunc(all, func(s Specimen) bool { return s.Name == name })]
}

// ForRequest returns the specimen of the gateway to which a request belongs; false if it
// belongs to none.
func ForRequest(method, requestPath string) (Specimen, bool) {
	for _, s := range Specimens() {
		for _, request := range s.Requests.All() {
			if Matches(request, method, requestPath) {
				return s, true
			}
		}
	}
	return Specimen{}, false
}

// DuplicateBehaviours returns the behaviours with which every simulated gateway creates
// another invoice for a repeated reference.
func DuplicateBehaviours() (behaviours []any) {
	for _, s := range Specimens() {
		if s.DuplicateBehaviour != nil {
			behaviours = append(behaviours, s.DuplicateBehaviour)
		}
	}
	return behaviours
}

// Specimen describes a gateway to tests. A part comes from the gateway's definition, the
// rest from its documentation.
type Specimen struct {
	fromDefinition

	// Arguments are all that a create sends.
	Arguments []Argument
	// Reference is the argument that holds the merchant's reference.
	Reference string
	// Currency is the argument that holds the currency of the amount; "" when
	// there is only one.
	Currency string
	// Invalid are values that the resource refuses, while the rest is valid.
	Invalid []Invalid
	// Defaults are arguments that have a default, with that default.
	Defaults map[string]string

	// Finds says that the gateway can be searched for a reference.
	Finds bool
	// LooksFirst says that a create with a reference of the user's looks for
	// it first, since the gateway may return an older invoice.
	LooksFirst bool
	// DuplicateBehaviour makes the simulator create another invoice for a repeated
	// reference; nil if it always does.
	DuplicateBehaviour any
	// Retries401 says that a read is retried once after a 401: with a new login, or with
	// another reading of the rule for signatures.
	Retries401 bool
	// ReadsBack says that a create is followed by a read.
	ReadsBack bool
	// Checks is the request that checks the account; "" if there is none.
	Checks string
	// UnknownMoves says that money is visible in an invoice, whatever its status.
	UnknownMoves bool
	// CancelShows says that the response to a cancel is the whole invoice, so that no
	// read confirms it.
	CancelShows bool
	Requests    Requests
	// Wire describes the requests.
	Wire Wire
	// Refusal is the body of a refused create, in which TEXT stands for the reason,
	// and TooMany that of HTTP 429, both in the gateway's own form.
	Refusal, TooMany string

	// Events are those that the gateway knows, and what they lead to.
	Events map[simulator.Event]Outcome
	// LateIsCanceled says that an invoice past its deadline is still unpaid to
	// the gateway, so that destroy cancels it.
	LateIsCanceled bool
	// Refund is the event that returns what was paid; "" where there is none.
	Refund simulator.Event

	// CheckoutURLField and StatusField are the names of checkout_url and status in a
	// response.
	CheckoutURLField, StatusField string
	// Open is the status of a new invoice in a response, and Undocumented one that is not
	// documented.
	Open, Undocumented any
	// Computed are the attributes of a new invoice besides the arguments: with
	// all arguments, and with the least, where those differ or are added.
	Computed, Least map[string]any
	// Paid are the attributes that a payment changes, and PaidView those that a
	// data source shows otherwise after it than the resource.
	Paid, PaidView map[string]any
	// ReportedAs are arguments that were not given, as the gateway reports them.
	ReportedAs map[string]any
	// Unimported are arguments that an import does not set, besides Unreported.
	Unimported []string
	// Readable makes the simulator send responses that a test can rewrite; nil if they
	// always are.
	Readable any

	// UnknownID is a valid id without an invoice, and InvalidID cannot be an id.
	UnknownID, InvalidID string
	// Listing is how invoices are listed; nil where they cannot be.
	Listing *Listing
	// Canaries are secrets that tests look for in all output.
	Canaries Canaries
}

// Required are lines that set what a resource needs besides amount and reference.
func (s Specimen) Required() string {
	var lines []string
	for _, a := range s.Arguments {
		if a.Required && a.Name != "amount" && a.Name != s.Reference {
			lines = append(lines, a.Name+" = "+a.Value)
		}
	}
	return strings.Join(lines, "\n  ")
}

// Argument is an argument of a resource. Its values are expressions, in which
// NAME stands for the name of the resource.
type Argument struct {
	Name         string
	Value, Other string
	// Same is another spelling of value; "" when there is none.
	Same     string
	Required bool
	// Needs are the arguments without which this one is refused.
	Needs []string
}

// Invalid is a value that an argument must not have.
type Invalid struct{ Argument, Value string }

// Requests are a method and a path for each operation; {id} stands for an id.
// One that the gateway does not have is "".
type Requests struct{ Login, Refresh, Create, Read, Cancel, Find string }

// All are the requests that the gateway has.
func (r Requests) All() []string {
	all := []string{r.Login, r.Refresh, r.Create, r.Read, r.Cancel, r.Find}
	return slices.DeleteFunc(all, func(request string) bool { return request == "" })
}

// Matches reports whether a method and a path are those of a request.
func Matches(request, method, requestPath string) bool {
	matches, err := path.Match(strings.ReplaceAll(request, "{id}", "?*"), method+" "+requestPath)
	return err == nil && matches
}

// Outcome is a gateway's status and what it means.
type Outcome struct {
	Status string
	Phase  gateway.Phase
	// Pays says that money moves although the phase is still open.
	Pays bool
}

// Moves reports whether money has moved after that.
func (o Outcome) Moves() bool { return o.Pays || o.Phase.MoneyMoved() }

// Listing is how a gateway's invoices are listed.
type Listing struct {
	// Day are the required arguments of a list of one day, as expressions.
	Day func(time.Time) map[string]string
	// WholeRange are the arguments of a list of all that tests have made.
	WholeRange func() map[string]string
	// PageSize is how many rows the simulated gateway returns at a time.
	PageSize int
	// PageParameter is the query parameter, or the number in the body, that selects a page.
	PageParameter string
	// Page is a page in the gateway's own form, which others follow.
	Page Page
	// MinimalFields are the members of the smallest row, and ReadsOpen says that an open
	// invoice in such a row is also read by itself.
	MinimalFields []string
	ReadsOpen     bool
	// Readings are the readings of the documentation of pages, with the number of pages
	// for 250 invoices.
	Readings []Reading
	// Refreshes are further readings under which a refresh is compared with single reads.
	Refreshes []Refresh
	// Filters are arguments of a list of six invoices: order-1 and order-10, which
	// are open, order-2, which is paid, order-3, which is canceled, and a day later
	// order-1 and order-4. day is a day after the first as an expression.
	Filters func(day func(int) string) []Filtered
	// QueryFilters are further arguments, besides those of Day, of a query for the
	// first three. Only order-2 is paid.
	QueryFilters func(tomorrow string) []Filtered
	// Refused are invalid arguments of a list.
	Refused []Refused
	// Amount25 is how a display name shows the amount 25.
	Amount25 string
	// NoReferences says that an invoice can be without a reference.
	NoReferences bool
	// AdoptionIgnores is an argument that an adoption does not compare.
	AdoptionIgnores string
	// VaryingArguments are further arguments of many invoices, which may use count.index.
	VaryingArguments string
	// Events happen to many invoices in turn; "" leaves one as it is.
	Events []simulator.Event
}

// Arguments are expressions by the name of the argument.
type Arguments = map[string]string

// Reading is one of several readings of the documentation.
type Reading struct {
	Name      string
	Behaviour any
	Pages     int
}

// Refresh is a reading of the documentation. Differs says that rows and reads of some
// invoices show something else then, so that most are read one by one.
type Refresh struct {
	Name      string
	Behaviour any
	Differs   bool
}

// Filtered are arguments of a list and the invoices that it finds, in order.
type Filtered struct {
	Arguments Arguments
	Want      []int
}

// Refused are invalid arguments and a part of their error.
type Refused struct {
	Arguments Arguments
	Says      string
}

// Page is a page of a list: Row is a format with the number of the row, and NEXT
// in End stands for the next one.
type Page struct{ Beginning, Row, End string }

var (
	anInstant = regexp.MustCompile(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z$`)
	aUUID     = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	generated = regexp.MustCompile(`^tf-[a-z2-7]{26}$`)
)
