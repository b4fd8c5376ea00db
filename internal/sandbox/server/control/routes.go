package control

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func (h *handler) health(*http.Request) (any, error) {
	return Health{Status: "ok", Sandbox: Product, Version: h.version}, nil
}

// filter returns the query parameters with these names, and rejects others.
func filter(r *http.Request, names ...string) (url.Values, error) {
	query := r.URL.Query()
	for name := range query {
		if !slices.Contains(names, name) {
			return nil, invalid("There is no parameter %q; the parameters are %s.", name, strings.Join(names, ", "))
		}
	}
	return query, nil
}

func (h *handler) invoices(r *http.Request) (any, error) {
	query, err := filter(r, "gateway", "phase")
	if err != nil {
		return nil, err
	}
	gateway, phase := query.Get("gateway"), query.Get("phase")
	if err := h.knownGateway(gateway, http.StatusUnprocessableEntity); err != nil {
		return nil, err
	}
	if phase != "" && !slices.Contains(simulator.Phases(), phase) {
		return nil, invalid("There is no phase %q; the phases are %s.", phase, strings.Join(simulator.Phases(), ", "))
	}
	found, err := h.sandbox.Invoices(r.Context(), gateway, phase)
	shown := make([]Invoice, 0, len(found))
	for _, inv := range found {
		shown = append(shown, NewInvoice(inv))
	}
	return shown, err
}

func (h *handler) trigger(r *http.Request) (any, error) {
	gateway, id := r.PathValue("gateway"), r.PathValue("id")
	if err := h.knownGateway(gateway, http.StatusNotFound); err != nil {
		return nil, err
	}
	var asked Trigger
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	if asked.Event == "" {
		return nil, invalid("The member event is missing.")
	}
	inv, err := h.sandbox.Trigger(r.Context(), gateway, id, simulator.Event(asked.Event), asked.Amount)
	if err != nil {
		return nil, err
	}
	h.changed()
	return NewInvoice(inv), nil
}

func (h *handler) deliveries(r *http.Request) (any, error) {
	query, err := filter(r, "gateway", "invoice_id")
	if err != nil {
		return nil, err
	}
	if err := h.knownGateway(query.Get("gateway"), http.StatusUnprocessableEntity); err != nil {
		return nil, err
	}
	found, err := h.sandbox.Deliveries(r.Context(), query.Get("gateway"), query.Get("invoice_id"))
	shown := make([]Delivery, 0, len(found))
	for _, d := range found {
		shown = append(shown, NewDelivery(d))
	}
	return shown, err
}

func (h *handler) resend(r *http.Request) (any, error) {
	if _, err := readBody(r, false); err != nil {
		return nil, err
	}
	delivery, err := h.sandbox.Resend(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	h.changed()
	return NewDelivery(delivery), nil
}

func (h *handler) webhooks(r *http.Request) (any, error) {
	stored, err := h.sandbox.Webhooks(r.Context())
	shown := map[string]Webhook{}
	for gateway, webhook := range stored {
		shown[gateway] = Webhook{URL: webhook.URL, SecretSet: webhook.Secret != "", Format: webhook.Format}
	}
	return shown, err
}

// setWebhooks replaces all webhooks. A secret that is not in the request stays as it
// is, because it cannot be read and sent back.
func (h *handler) setWebhooks(r *http.Request) (any, error) {
	var asked map[string]Webhook
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	before, err := h.sandbox.Webhooks(r.Context())
	if err != nil {
		return nil, err
	}
	webhooks := map[string]sandbox.Webhook{}
	for gateway, webhook := range asked {
		if err := h.knownGateway(gateway, http.StatusUnprocessableEntity); err != nil {
			return nil, err
		}
		if err := CheckURL(webhook.URL); webhook.URL != "" && err != nil {
			return nil, invalid("The webhook of %s: %v.", gateway, err)
		}
		secret := before[gateway].Secret
		if webhook.Secret != nil {
			secret = *webhook.Secret
		}
		webhooks[gateway] = sandbox.Webhook{URL: webhook.URL, Secret: secret, Format: webhook.Format}
	}
	if err := h.sandbox.SetWebhooks(r.Context(), webhooks); err != nil {
		return nil, err
	}
	h.changed()
	return h.webhooks(r)
}

func (h *handler) clock(r *http.Request) (any, error) {
	ahead, err := h.sandbox.Ahead(r.Context())
	return Clock{Now: h.sandbox.Now(), Ahead: ahead.String()}, err
}

func (h *handler) advance(r *http.Request) (any, error) {
	var asked Advance
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	by, err := ParseAdvance(asked.Advance)
	if err != nil {
		return nil, invalid("The member advance %v.", err)
	}
	if err := h.sandbox.Advance(r.Context(), by); err != nil {
		return nil, err
	}
	h.changed()
	return h.clock(r)
}

func (h *handler) addFault(r *http.Request) (any, error) {
	var asked Fault
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	fault := sandbox.Fault{
		Gateway: asked.Gateway, Operation: simulator.Operation(asked.Operation),
		Status: asked.Status, Drop: asked.Drop, Times: asked.Times,
	}
	var err error
	if asked.Delay != "" {
		fault.Delay, err = time.ParseDuration(asked.Delay)
	}
	if err != nil || fault.Delay > maxDelay {
		return nil, invalid("The member delay, %q, must be a duration from 0s to %s.", asked.Delay, maxDelay)
	}
	if err := h.knownGateway(asked.Gateway, http.StatusUnprocessableEntity); err != nil {
		return nil, err
	}
	return asked, h.sandbox.AddFault(r.Context(), fault)
}

// maxDelay limits the delay of a fault.
const maxDelay = 10 * time.Minute

func (h *handler) clearFaults(r *http.Request) (any, error) {
	if _, err := readBody(r, false); err != nil {
		return nil, err
	}
	return nil, h.sandbox.ClearFaults(r.Context())
}

func (h *handler) reset(r *http.Request) (any, error) {
	if _, err := readBody(r, false); err != nil {
		return nil, err
	}
	return nil, h.sandbox.Reset(r.Context())
}
