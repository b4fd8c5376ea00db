// Package shop is a small shop for tests: it has orders with an invoice each, is
// told of payments by webhooks, and believes none of them before it has checked the
// signature and read the invoice again. It is written from the gateways' public
// documentation and shares no code with the provider or the sandbox.
package shop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxWebhook bounds the body of a webhook, in bytes.
const maxWebhook = 1 << 20

// Order is what the shop sells, with its invoice.
type Order struct {
	Gateway   string
	InvoiceID string
	Reference string
}

// Status is the gateway's own word for an invoice, and whether it means that the
// money is there.
type Status struct {
	Reference string
	Word      string
	Paid      bool
}

// gateway is what the shop knows of one gateway.
type gateway interface {
	// verify checks a webhook by the gateway's own rule and returns the id or the
	// reference of the invoice.
	verify(r *http.Request, body []byte) (key string, err error)
	// read asks the gateway's API how an invoice stands.
	read(ctx context.Context, id string) (Status, error)
}

// Shop serves webhooks at /webhooks/<gateway> and the page that payers return to
// at /thanks.
type Shop struct {
	gateways map[string]gateway

	mu     sync.Mutex
	orders []Order
	heard  map[Order][]string // the statuses that webhooks led to
	paid   map[Order]bool
	errors []error // webhooks that were refused
}

// New makes a shop without orders. now tells the time to check signatures by.
func New(settings Settings, now func() time.Time) *Shop {
	return &Shop{
		gateways: map[string]gateway{
			"cryptocloud": cryptocloud{settings, now},
			"hesabe":      hesabe{settings},
			"meum":        meum{settings, now},
			"xpays":       xpays{settings, now},
		},
		heard: map[Order][]string{}, paid: map[Order]bool{},
	}
}

// Settings are the shop's accounts and secrets.
type Settings struct {
	// URL is the shop's own address, which XPays signs.
	URL string
	// Endpoints and Secrets are by gateway; a secret is that of webhooks.
	Endpoints, Secrets map[string]string

	CryptoCloudKey               string
	HesabeUsername, HesabePass   string
	HesabeMerchant, HesabeAccess string
	HesabeKey, HesabeIV          string
	XPaysKey, XPaysSecret        string
	MeumKey                      string
}

// Sell takes an order whose invoice exists.
func (s *Shop) Sell(order Order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = append(s.orders, order)
}

// Paid reports whether an order is paid.
func (s *Shop) Paid(order Order) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paid[order]
}

// Heard are the invoice's statuses at the webhooks that the shop got for an order.
func (s *Shop) Heard(order Order) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heard[order]...)
}

// Refused are the errors of webhooks that the shop did not believe.
func (s *Shop) Refused() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.errors...)
}

func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/{gateway}", s.webhook)
	mux.HandleFunc("GET /thanks", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>Shop</title><h1 id=thanks>Thank you for your order</h1>")
	})
	mux.ServeHTTP(w, r)
}

func (s *Shop) webhook(w http.ResponseWriter, r *http.Request) {
	if err := s.take(r); err != nil {
		s.mu.Lock()
		s.errors = append(s.errors, err)
		s.mu.Unlock()
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"received":true}`)
}

// take verifies a webhook, reads the invoice again, and marks the order.
func (s *Shop) take(r *http.Request) error {
	name := r.PathValue("gateway")
	from, ok := s.gateways[name]
	if !ok {
		return fmt.Errorf("no gateway is called %q", name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxWebhook))
	if err != nil {
		return err
	}
	key, err := from.verify(r, body)
	if err != nil {
		return fmt.Errorf("webhook of %s: %w", name, err)
	}
	order, ok := s.find(name, key)
	if !ok {
		return nil // another customer's invoice
	}
	status, err := from.read(r.Context(), order.InvoiceID)
	if err != nil {
		return fmt.Errorf("%s invoice %s: %w", name, order.InvoiceID, err)
	}
	if status.Reference != order.Reference {
		return fmt.Errorf("%s invoice %s has the reference %q, the order %q", name, order.InvoiceID, status.Reference, order.Reference)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[order] = append(s.heard[order], status.Word)
	s.paid[order] = s.paid[order] || status.Paid
	return nil
}

func (s *Shop) find(gatewayName, key string) (Order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, order := range s.orders {
		if order.Gateway == gatewayName && (order.InvoiceID == key || order.Reference == key) {
			return order, true
		}
	}
	return Order{}, false
}
