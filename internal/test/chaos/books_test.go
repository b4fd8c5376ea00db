package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	simcryptocloud "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	simhesabe "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	simmeum "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	simxpays "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// books are what the gateway itself knows: all invoices, whoever made them. The
// faults do not reach them.
type books struct {
	server  *sandboxtest.Server
	gateway string
	lookup  lookup

	// posting is held for reading while a create is processed, and for writing
	// while the books are read: a killed process may leave creates under way.
	posting sync.RWMutex
	mu      sync.Mutex
	// answers are those to successful creates.
	answers [][]byte
}

// lookup finds all invoices. made are the answers to the creates.
type lookup func(ctx context.Context, made [][]byte) ([]gateway.Facts, error)

// keep is the middleware next to the gateway. It remembers the answers to
// creates that succeed.
func (b *books) keep(next http.Handler) http.Handler {
	create := faults.Of(b.gateway, faults.Create)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !create.Matches(r) {
			next.ServeHTTP(w, r)
			return
		}
		answer := b.post(next, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = io.Copy(w, answer.Body)
	})
}

// post lets the gateway process a create.
func (b *books) post(next http.Handler, r *http.Request) *httptest.ResponseRecorder {
	b.posting.RLock()
	defer b.posting.RUnlock()
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	if answer.Code < 300 {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.answers = append(b.answers, bytes.Clone(answer.Body.Bytes()))
	}
	return answer
}

// creates is how many creates have succeeded.
func (b *books) creates() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.answers)
}

// all are all invoices.
func (b *books) all(t *testing.T) []gateway.Facts {
	t.Helper()
	b.posting.Lock()
	defer b.posting.Unlock()
	b.mu.Lock()
	answers := slices.Clone(b.answers)
	b.mu.Unlock()
	found, err := b.lookup(context.Background(), answers)
	if err != nil {
		t.Fatalf("the gateway's books: %v", err)
	}
	if len(found) != len(answers) && b.gateway != "meum" { // which may answer with an older one
		t.Fatalf("the gateway's books have %d invoices of %d creates", len(found), len(answers))
	}
	return found
}

// open are the invoices that can be paid.
func (b *books) open(t *testing.T) []gateway.Facts {
	t.Helper()
	return slices.DeleteFunc(b.all(t), func(f gateway.Facts) bool { return f.Phase != gateway.PhaseOpen })
}

// lookupOf makes the look-up of a gateway. It uses the gateway's own client,
// within the process, where nothing comes between.
func lookupOf(t *testing.T, server *sandboxtest.Server, name string) lookup {
	t.Helper()
	endpoint, err := url.Parse(sandbox.Endpoint(name))
	if err != nil {
		t.Fatal(err)
	}
	cfg := transport.Config{Endpoint: endpoint, RoundTripper: server.Sandbox.Transport()}
	switch name {
	case "cryptocloud":
		c := cryptocloud.New(cryptocloud.Credentials{APIKey: simcryptocloud.APIKey}, cfg)
		return listed(server, func() ([]*cryptocloud.Invoice, error) {
			return collect(c, cryptocloud.Filter{Start: server.Now().AddDate(0, 0, -2), End: server.Now().AddDate(0, 0, 2)})
		})
	case "hesabe":
		c, err := hesabe.New(hesabe.Credentials{
			Username: simhesabe.Username, Password: simhesabe.Password, MerchantCode: simhesabe.MerchantCode,
			AccessCode: simhesabe.AccessCode, SecretKey: simhesabe.SecretKey, IVKey: simhesabe.IVKey,
		}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return listed(server, func() ([]*hesabe.Invoice, error) { return collect(c, hesabe.Filter{}) })
	case "meum":
		c := meum.New(meum.Credentials{APIKey: simmeum.APIKey}, cfg)
		return listed(server, func() ([]*meum.Invoice, error) { return collect(c, meum.Filter{}) })
	default:
		c, err := xpays.New(xpays.Credentials{APIKey: simxpays.APIKey, SecretKey: simxpays.SecretKey}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return readEach(server, c)
	}
}

// collect lists with a client.
func collect[Filter any, Inv gateway.Invoice](c gateway.Lister[Filter, Inv], filter Filter) ([]Inv, error) {
	var all []Inv
	for inv, err := range c.List(context.Background(), filter) {
		if err != nil {
			return nil, err
		}
		all = append(all, inv)
	}
	return all, nil
}

func listed[Inv gateway.Invoice](server *sandboxtest.Server, list func() ([]Inv, error)) lookup {
	return func(context.Context, [][]byte) ([]gateway.Facts, error) {
		all, err := list()
		facts := make([]gateway.Facts, 0, len(all))
		for _, inv := range all {
			facts = append(facts, inv.Facts(server.Now()))
		}
		return facts, err
	}
}

// readEach looks at each invoice of which the answer to its create tells.
func readEach(server *sandboxtest.Server, c *xpays.Client) lookup {
	return func(ctx context.Context, made [][]byte) ([]gateway.Facts, error) {
		var facts []gateway.Facts
		for _, answer := range made {
			var created struct{ Data struct{ ID string } }
			if err := json.Unmarshal(answer, &created); err != nil {
				return nil, err
			}
			inv, err := c.Get(ctx, created.Data.ID)
			if err != nil {
				return nil, err
			}
			facts = append(facts, inv.Facts(server.Now()))
		}
		return facts, nil
	}
}
