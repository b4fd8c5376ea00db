package hesabe

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The keys of the store. A row's key holds what the list counts and filters
// by, so that a page decodes only the invoices that it shows:
//
//	invoice/<id>             the invoice
//	token/<token>            its id
//	row/<id>/<day>/<status>  what a search compares
//	last_id                  the last id given out
const (
	invoiceKeys = "invoice/"
	tokenKeys   = "token/"
	rowKeys     = "row/"
	lastIDKey   = "last_id"
)

// searchable is what a search compares, in lower case.
type searchable struct {
	Reference string    `json:"reference"`
	Others    string    `json:"others"` // the other columns, a newline between them
	CreatedAt time.Time `json:"created_at"`
}

func invoiceKey(id int64) string { return fmt.Sprintf("%s%012d", invoiceKeys, id) }

func rowKey(inv *invoice) string {
	return fmt.Sprintf("%s%012d/%s/%d", rowKeys, inv.ID, dateOf(inv.CreatedAt), inv.Status)
}

// rowFacts reverses rowKey.
func rowFacts(key string) (id int64, day string, status int, err error) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return 0, "", 0, fmt.Errorf("hesabe sandbox: the key %q is malformed", key)
	}
	if id, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return 0, "", 0, err
	}
	status, err = strconv.Atoi(parts[3])
	return id, parts[2], status, err
}

// load finds an invoice by its id; nil when there is none.
func load(tx *store.Tx, id int64) (*invoice, error) {
	var inv invoice
	found, err := tx.Get(invoiceKey(id), &inv)
	if err != nil || !found {
		return nil, err
	}
	return &inv, nil
}

// loadByText finds an invoice by its id as it is written on the wire.
func loadByText(tx *store.Tx, text string) (*invoice, error) {
	id, _ := strconv.ParseInt(text, 10, 64)
	if strconv.FormatInt(id, 10) != text {
		return nil, nil // no id at all, for example a token
	}
	return load(tx, id)
}

func loadByToken(tx *store.Tx, token string) (*invoice, error) {
	var id int64
	found, err := tx.Get(tokenKeys+token, &id)
	if err != nil || !found {
		return nil, err
	}
	return load(tx, id)
}

// save stores a new or changed invoice with its index entries.
func save(tx *store.Tx, inv *invoice) error {
	old, err := load(tx, inv.ID)
	if err != nil {
		return err
	}
	if old != nil {
		if err := tx.Delete(rowKey(old)); err != nil {
			return err
		}
	}
	if err := tx.Put(invoiceKey(inv.ID), inv); err != nil {
		return err
	}
	if err := tx.Put(tokenKeys+inv.Token, inv.ID); err != nil {
		return err
	}
	return tx.Put(rowKey(inv), searchable{
		Reference: strings.ToLower(inv.Reference),
		Others: strings.ToLower(strings.Join([]string{
			inv.Token, inv.Description, inv.CustomerName, inv.CustomerEmail, inv.MobileNumber,
		}, "\n")),
		CreatedAt: inv.CreatedAt,
	})
}

// forget removes an invoice and its index entries.
func forget(tx *store.Tx, inv *invoice) error {
	for _, key := range []string{invoiceKey(inv.ID), tokenKeys + inv.Token, rowKey(inv)} {
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// nextID grows with time, as Hesabe's ids do, from a random start and in
// random steps: an emptied sandbox must not give out the ids of the one before.
func nextID(tx *store.Tx) (int64, error) {
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
