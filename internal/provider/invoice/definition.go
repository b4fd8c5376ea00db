// Package invoice implements the resources, data sources, actions and list resources of
// every gateway. A gateway adds its schema, its model and two mappings.
package invoice

import (
	"cmp"
	"context"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// Definition describes one gateway. Spec is what the gateway's client creates an
// invoice from, Inv the invoice that it reports.
type Definition[Spec any, Inv gateway.Invoice] struct {
	// Name is the gateway's name in configurations, such as "cryptocloud".
	Name string
	// Title is its display name, such as "CryptoCloud".
	Title string
	// AccountTitle is its name where users look for their account; "" means Title.
	AccountTitle string
	// EndpointNote is appended to the description of the provider's attribute endpoint.
	EndpointNote string
	// Settings are its attributes in the provider's configuration, except the endpoint.
	Settings []Setting
	// DefaultEndpoint is used if none is configured; "" makes it required.
	DefaultEndpoint string
	// SandboxCredentials are settings that the sandbox accepts.
	SandboxCredentials map[string]string
	// Connect creates the client. All required settings are present.
	Connect func(Settings, transport.Config) (gateway.Gateway[Spec, Inv], error)

	// Phases maps the gateway's statuses to phases.
	Phases gateway.PhaseTable
	// Description introduces the resource in the documentation, in Markdown.
	Description string
	// Attributes returns the resource's attributes in addition to the common ones. It
	// can replace a common attribute of the same name.
	Attributes func() map[string]schema.Attribute
	// New returns an empty model of the resource.
	New func() Model[Spec, Inv]

	// NewView returns an empty view: what a data source shows of an invoice.
	NewView func() View[Inv]
	// Unreported are the arguments that a view leaves out, because no response of the
	// gateway has them.
	Unreported []string
	// DataSourceDescriptions describe attributes of a view whose description in the
	// resource is about the argument.
	DataSourceDescriptions map[string]string
	// UnreliableOnImport are the arguments that an import may get wrong: until a configuration has
	// set one, another value is recorded without a replacement.
	UnreliableOnImport []string
	// Listing lists invoices; nil if the gateway cannot.
	Listing *Listing[Spec, Inv]
	// ListCreatedBetween lists the invoices created in a period, in any order, with
	// everything that a read shows; extra rows do no harm. A refresh of many invoices
	// uses it. It is nil if the gateway cannot list.
	ListCreatedBetween func(ctx context.Context, client gateway.Gateway[Spec, Inv], from, to time.Time) iter.Seq2[Inv, error]
	// Alternative is another way for an action to identify an invoice; nil if there is
	// only the id.
	Alternative *Alternative[Spec, Inv]

	// DataSources and Actions are those that only this gateway has.
	DataSources []func() datasource.DataSource
	Actions     []func() action.Action

	// Deadline parses the attribute expires_at; nil if that is in RFC 3339. The zero
	// time means that there is no deadline.
	Deadline func(expiresAt string) time.Time
	// TokenAttribute is the attribute with gateway.Facts.Token; "" if there is none.
	TokenAttribute string
	// NormalizeID converts an id from a user into the gateway's form.
	NormalizeID func(string) (string, error)
	// CheckArguments warns about planned arguments, once per plan, whereas a
	// validator's warnings come twice. If a new invoice is planned, even as a
	// replacement, it rejects arguments that the gateway would reject. It does not need
	// the gateway's settings. It is nil if validators are enough.
	CheckArguments func(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics
	// CheckNew rejects arguments with which no invoice can be created, when a new one
	// is planned; nil if validators are enough.
	CheckNew func(ctx context.Context, config tfsdk.Config, settings Settings) diag.Diagnostics
	// Fields maps a field's name on the wire to the attribute that fills it,
	// for errors. A field that is missing here has the attribute's own name.
	Fields map[string]string
	// ReadBack reads a new invoice once more, since the response to a create holds less
	// than a read.
	ReadBack bool
	// LooksUpFirst looks a user's reference up before a create, so that what a
	// look-up finds after it can be told from what was there before. Without it,
	// the gateway's clock tells them apart.
	LooksUpFirst bool
	// RepeatsReferences says that the gateway may return an older invoice with the
	// same reference for a create.
	RepeatsReferences bool
	// Differs describes how an invoice differs from the request, apart from amount and
	// currency; "" if it does not. It is used with RepeatsReferences, and is nil if
	// there is nothing to compare.
	Differs func(spec Spec, inv Inv) string
	// OpenFor is how long an invoice with this Spec can stay open, for adoption; nil if
	// that does not matter.
	OpenFor func(Spec) time.Duration

	attributesOnce sync.Once
	attributes     map[string]schema.Attribute // see resourceAttributes
	viewOnce       sync.Once
	viewAttributes map[string]datasourceschema.Attribute // see viewAttributes
}

// Model is the resource's state as a struct. It embeds Common and Lifecycle.
type Model[Spec any, Inv gateway.Invoice] interface {
	Shared() *Common
	Local() *Lifecycle
	// Reference returns the attribute with the merchant's reference.
	Reference() *types.String
	// CurrencyCode returns the currency of the amount.
	CurrencyCode() string
	// Spec maps the planned arguments to the client's Spec.
	Spec(ctx context.Context, settings Settings) (Spec, diag.Diagnostics)
	// Refresh maps an invoice into the model. Fields that the response lacks, and known
	// arguments, stay as they are. The id, status, phase and created_at of Common are
	// mapped elsewhere.
	Refresh(ctx context.Context, inv Inv) diag.Diagnostics
}

// View is what a data source shows of an invoice. It embeds Common, and has the
// resource's attributes except the local and unreported ones.
type View[Inv gateway.Invoice] interface {
	Shared() *Common
	Refresh(ctx context.Context, inv Inv) diag.Diagnostics
}

// Listing describes how to list a gateway's invoices.
type Listing[Spec any, Inv gateway.Invoice] struct {
	// Filters are its arguments, all of them text.
	Filters []Filter
	// ByPhase adds the argument phases, by which the provider filters the result.
	ByPhase bool
	// Find lists the invoices that the arguments select.
	Find FindFunc[Spec, Inv]
}

// Filter is an argument of a listing.
type Filter struct {
	Name        string
	Description string
	Required    bool
	Validators  []validator.String
}

// Alternative identifies an invoice by something other than its id.
type Alternative[Spec any, Inv gateway.Invoice] struct {
	Name        string
	Description string
	Validators  []validator.String
	Find        func(ctx context.Context, client gateway.Gateway[Spec, Inv], value string) (Inv, error)
}

// Common are the attributes that every invoice has.
type Common struct {
	ID          types.String     `tfsdk:"id"`
	Amount      attribute.Amount `tfsdk:"amount"`
	Status      types.String     `tfsdk:"status"`
	Phase       types.String     `tfsdk:"phase"`
	MoneyMoved  types.Bool       `tfsdk:"money_moved"`
	CheckoutURL types.String     `tfsdk:"checkout_url"`
	CreatedAt   types.String     `tfsdk:"created_at"`
	ExpiresAt   types.String     `tfsdk:"expires_at"`
}

// Shared returns the common attributes of any model.
func (c *Common) Shared() *Common { return c }

// refresh maps what every invoice has. A response without a status leaves the known
// one.
func (c *Common) refresh(f gateway.Facts) {
	c.ID = types.StringValue(f.ID)
	if f.Status != "" || c.Status.ValueString() == "" {
		c.Status = types.StringValue(f.Status)
		c.Phase = types.StringValue(string(f.Phase))
	}
	c.MoneyMoved = types.BoolValue(f.MoneyMoved || f.Phase.MoneyMoved())
	c.Amount = c.Amount.Reconcile(f.Amount)
	c.CreatedAt = attribute.ReportedOrPrior(c.CreatedAt, attribute.Time(f.CreatedAt))
}

// Lifecycle are the arguments that are not sent to the gateway. They change in place.
type Lifecycle struct {
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	ReplaceWhen    types.Set      `tfsdk:"replace_when"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// Local returns the lifecycle arguments of any model.
func (l *Lifecycle) Local() *Lifecycle { return l }

// Adoption is the argument of gateways that can find an invoice by its reference.
type Adoption struct {
	AdoptExisting types.Bool `tfsdk:"adopt_existing"`
}

// Adopts reports whether to take over an existing invoice.
func (a *Adoption) Adopts() bool { return a.AdoptExisting.ValueBool() }

// DoNotAdopt sets the default.
func (a *Adoption) DoNotAdopt() { a.AdoptExisting = types.BoolValue(false) }

// adopter is a model that embeds Adoption.
type adopter interface {
	Adopts() bool
	DoNotAdopt()
}

// traits returns what the engine has to know about the gateway.
func (d *Definition[Spec, Inv]) traits() engine.Traits[Spec, Inv] {
	return engine.Traits[Spec, Inv]{
		Name: d.Name, ReadBack: d.ReadBack, LooksUpFirst: d.LooksUpFirst, RepeatsReferences: d.RepeatsReferences,
		Differs: d.Differs, OpenFor: d.OpenFor,
	}
}

// account returns the gateway's name where users look for their account.
func (d *Definition[Spec, Inv]) account() string { return cmp.Or(d.AccountTitle, d.Title) }
