package hesabe

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// transaction is a transaction on the invoices of the simulated Hesabe.
type transaction = *ledger.Tx[*invoice]

// The indexes. A row's key has what the list counts and filters by, so that a page
// decodes only the invoices that it shows.
const (
	tokenRows = "token/" // then the token
	dayRows   = "day/"   // then the id, the day of creation and the status
)

// lastIDKey is the key of the last id.
const lastIDKey = "last_id"

// Key returns the id in decimal.
func (inv *invoice) Key() string { return strconv.FormatInt(inv.ID, 10) }

// Position sorts by id, which increases with time.
func (inv *invoice) Position() string { return fmt.Sprintf("%012d", inv.ID) }

// Index lists the rows of the invoice.
func (inv *invoice) Index() []string {
	return []string{
		tokenRows + inv.Token,
		fmt.Sprintf("%s%s/%s/%d", dayRows, inv.Position(), dateOf(inv.CreatedAt), inv.Status),
	}
}

// dayFacts are the day of creation and the status in a row's key.
func dayFacts(key string) (day string, status int, err error) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return "", 0, fmt.Errorf("hesabe sandbox: the key %q is malformed", key)
	}
	status, err = strconv.Atoi(parts[3])
	return parts[2], status, err
}

// loadByToken returns an invoice, or simulator.ErrNoInvoice.
func loadByToken(tx transaction, token string) (*invoice, error) {
	var id string
	found, err := tx.Get(tokenRows+token, &id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, simulator.ErrNoInvoice
	}
	return tx.Load(id)
}

// nextID increases with time, like Hesabe's ids, from a random start and in random
// steps: an emptied sandbox must not reuse earlier ids.
func nextID(tx transaction) (int64, error) {
	var last int64
	found, err := tx.Get(lastIDKey, &last)
	if err != nil {
		return 0, err
	}
	grow := 1
	if !found {
		grow = 7
	}
	step, err := strconv.ParseInt(wire.RandomText("123456789", grow), 10, 64)
	if err != nil {
		return 0, err
	}
	id := last + step
	return id, tx.Put(lastIDKey, id)
}
