// Package invoice is the one engine behind the resources, data sources, actions
// and list resources of every gateway: create once, read, cancel surely, plan
// replacements, adopt, import. A gateway adds its schema, its model and two
// mappings.
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

// Definition describes one gateway to the engine. Spec is what the gateway's
// client creates an invoice from, Inv the invoice that it reports.
type Definition[Spec any, Inv gateway.Invoice] struct {
	// Name is the gateway's name in configurations, such as "cryptocloud".
	Name string
	// Title is its display name, such as "CryptoCloud".
	Title string
	// AccountTitle is its name where users look for their account; "" is Title.
	AccountTitle string
	// EndpointNote is added to the description of the provider's attribute endpoint.
	EndpointNote string
	// Settings are its attributes in the provider's configuration, besides
	// the endpoint.
	Settings []Setting
	// DefaultEndpoint is used when none is configured; "" makes it required.
	DefaultEndpoint string
	// SandboxCredentials are settings that the sandbox accepts.
	SandboxCredentials map[string]string
	// Connect makes the client. The settings that are required are there.
	Connect func(Settings, transport.Config) (gateway.Gateway[Spec, Inv], error)

	// Phases are what the gateway's statuses mean.
	Phases gateway.PhaseTable
	// Description introduces the resource in the documentation, in Markdown.
	Description string
	// Attributes are the resource's attributes besides the common ones; one
	// with the name of a common attribute replaces it.
	Attributes func() map[string]schema.Attribute
	// New returns an empty model of the resource.
	New func() Model[Spec, Inv]

	// NewView returns an empty view: what a data source tells of an invoice.
	NewView func() View[Inv]
	// Unreported are the arguments that a view leaves out, because no response of the
	// gateway holds them.
	Unreported []string
	// DataSourceDescriptions describe attributes of a view where the resource's own description
	// is about the argument.
	DataSourceDescriptions map[string]string
	// Guessed are the arguments that an import may get wrong: until a
	// configuration has set one, another value of it is only recorded.
	Guessed []string
	// Listing finds many invoices; nil if the gateway cannot.
	Listing *Listing[Spec, Inv]
	// ListCreatedBetween lists the invoices created in a time, in any order, with all
	// that a read shows; more rows do no harm. nil where the gateway cannot. A refresh
	// of many invoices reads them so.
	ListCreatedBetween func(ctx context.Context, client gateway.Gateway[Spec, Inv], from, to time.Time) iter.Seq2[Inv, error]
	// Alternative is another way to name an invoice that is to be canceled; nil if the
	// id is the only one.
	Alternative *Alternative[Spec, Inv]

	// DataSources and Actions are further ones, which only this gateway has.
	DataSources []func() datasource.DataSource
	Actions     []func() action.Action

	// Deadline reads the attribute expires_at; nil if that is in RFC 3339. The zero
	// time says that there is no deadline.
	Deadline func(expiresAt string) time.Time
	// TokenAttribute is the attribute that holds gateway.Facts.Token; "" if there is
	// none.
	TokenAttribute string
	// NormalizeID brings an id that a user typed into the gateway's form.
	NormalizeID func(string) (string, error)
	// CheckArguments warns about planned arguments, once in a plan where a validator's
	// warnings come twice. When a new invoice is planned, also as a replacement, it
	// refuses those that the gateway would refuse. It needs none of the gateway's
	// settings; nil if validators say it all.
	CheckArguments func(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics
	// CheckNew refuses arguments with which no invoice can be made, when one is
	// planned; nil if validators say it all.
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
	// RepeatsReferences says that the gateway may answer a create with an
	// older invoice that has the same reference.
	RepeatsReferences bool
	// Differs tells in what an invoice is not what was ordered, besides amount and
	// currency; "" if it says nothing else. It matters with RepeatsReferences; nil if
	// there is nothing to compare.
	Differs func(spec Spec, inv Inv) string
	// OpenFor is how long ago an invoice that is still open can have been made by this
	// Spec, for adoption; nil if that does not matter.
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
	// Reference is the attribute that holds the merchant's reference.
	Reference() *types.String
	// CurrencyCode is the currency of the amount.
	CurrencyCode() string
	// Spec maps the planned arguments to what the client sends.
	Spec(ctx context.Context, settings Settings) (Spec, diag.Diagnostics)
	// Refresh maps an invoice into the model. What a response lacks stays as it is;
	// arguments that are known stay too. The engine maps Common's id, status, phase and
	// created_at.
	Refresh(ctx context.Context, inv Inv) diag.Diagnostics
}

// View is what a gateway tells of an invoice. It embeds Common, and its
// attributes are those of the resource but for the local and unreported ones.
type View[Inv gateway.Invoice] interface {
	Shared() *Common
	Refresh(ctx context.Context, inv Inv) diag.Diagnostics
}

// Listing is how a gateway's invoices are found.
type Listing[Spec any, Inv gateway.Invoice] struct {
	// Filters are the arguments, all text.
	Filters []Filter
	// ByPhase adds the argument phases, which is applied to what is found.
	ByPhase bool
	// Find lists the invoices that the arguments ask for.
	Find FindFunc[Spec, Inv]
}

// Filter is an argument of a listing.
type Filter struct {
	Name        string
	Description string
	Required    bool
	Validators  []validator.String
}

// Alternative names an invoice by something else than its id.
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

// Shared gives the engine the common attributes of any model.
func (c *Common) Shared() *Common { return c }

// refresh maps what every invoice has. A response without a status leaves the one that
// is known.
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

// Lifecycle are the arguments that only Terraform knows. They change in place,
// without a request.
type Lifecycle struct {
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	ReplaceWhen    types.Set      `tfsdk:"replace_when"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// Local gives the engine the lifecycle arguments of any model.
func (l *Lifecycle) Local() *Lifecycle { return l }

// Adoption is the argument of gateways that can find an invoice by its
// reference.
type Adoption struct {
	AdoptExisting types.Bool `tfsdk:"adopt_existing"`
}

// Adopts reports whether an existing invoice is to be taken over.
func (a *Adoption) Adopts() bool { return a.AdoptExisting.ValueBool() }

// DoNotAdopt sets the default.
func (a *Adoption) DoNotAdopt() { a.AdoptExisting = types.BoolValue(false) }

// adopter is a model that embeds Adoption.
type adopter interface {
	Adopts() bool
	DoNotAdopt()
}

// traits are what the engine has to know of the gateway.
func (d *Definition[Spec, Inv]) traits() engine.Traits[Spec, Inv] {
	return engine.Traits[Spec, Inv]{
		Name: d.Name, ReadBack: d.ReadBack, LooksUpFirst: d.LooksUpFirst, RepeatsReferences: d.RepeatsReferences,
		Differs: d.Differs, OpenFor: d.OpenFor,
	}
}

// account is the gateway's name where users look for their account.
func (d *Definition[Spec, Inv]) account() string { return cmp.Or(d.AccountTitle, d.Title) }
