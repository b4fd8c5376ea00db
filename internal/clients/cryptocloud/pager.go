package cryptocloud

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	// pageSize is the most that one request may ask for.
	pageSize = 100
	// dayForm is how a list's days are written.
	dayForm = "02.01.2006"
)

// What a list's limit is. The documentation calls it the number of the last
// record, and its samples fit both.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
const (
	limitUnsettled int32 = iota
	limitIsCount         // how many records are wanted
	limitIsEnd           // the index after the last one
)

// errOutOfReach reports that the gateway shows only the first hundred invoices
// of a span.
var errOutOfReach = errors.New("the gateway returns no more than the first 100 invoices")

// pager reads the pages of one span. The next page starts after the rows
// received, however many were asked for: a gateway may give fewer.
type pager struct {
	client *Client
	span   span
	offset int
	step   int // rows of the last page
	known  gateway.Progress
	// received counts rows, repeated ones too, of pages that had any new one.
	received int64
	// total and totalNow are how many rows there are, as the gateway said first and
	// last; nil if it has not said.
	total, totalNow *int64
	// withdrawals says that there were some. Whether the total counts them is not
	// documented, so that reaching it is not the end.
	withdrawals bool
	// atTail says that the offset went back, because rows were repeated: as many
	// may have been passed over at the end.
	atTail bool
	last   *answer
	ahead  *gateway.Prefetcher[pageKey, *answer]
	atOnce int // how many pages are asked for at the same time, at most
}

// pageKey is what tells the requests of a span's pages apart.
type pageKey struct{ offset, limit int }

// newPager makes the pager of a span that asks for that many pages at the same time,
// once it knows that there are as many.
func newPager(client *Client, s span, atOnce int) *pager {
	p := &pager{client: client, span: s, atOnce: atOnce}
	p.ahead = gateway.NewPrefetcher(p.send)
	return p
}

// next reads a page, without withdrawals; nil is the end of the list.
func (p *pager) next(ctx context.Context) ([]*Invoice, error) {
	if p.total != nil && p.count() >= *p.total && !p.withdrawals {
		return nil, nil
	}
	records, settles, err := p.read(ctx)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		if p.toTail() {
			return p.next(ctx)
		}
		if p.total != nil && p.received < *p.total {
			return nil, p.last.unexpected(fmt.Errorf("the gateway returned only %d of its %d invoices from %s", p.count(), *p.total, p.span))
		}
		return nil, nil
	}
	before := p.count()
	rows, err := p.invoices(records)
	if err != nil {
		return nil, err
	}
	p.offset += len(records)
	p.step = len(records)
	if fresh := p.count() - before; fresh > 0 {
		p.received += int64(len(records))
		p.atTail = false
		if settles && fresh > 1 { // one would come, too, if limit was the index of the last
			p.client.limitReading.Store(limitIsCount)
		}
	} else if p.atTail && (p.totalNow == nil || p.received >= *p.totalNow) {
		return nil, nil
	}
	if p.passed() || p.reached() && p.count() == before {
		p.toTail()
	}
	return rows, nil
}

// count is how many different rows there were.
func (p *pager) count() int64 { return int64(p.known.Count()) }

// reached reports whether the offset is after as many rows as the gateway says.
func (p *pager) reached() bool { return p.totalNow != nil && int64(p.offset) >= *p.totalNow }

// passed reports whether the offset is after all that there is.
func (p *pager) passed() bool { return p.reached() && !p.withdrawals }

// toTail goes back by as many rows as were repeated, unless that was done.
func (p *pager) toTail() bool {
	if p.atTail || p.offset <= p.known.Count() {
		return false
	}
	p.offset, p.atTail = p.known.Count(), true
	return true
}

// read asks for the page at the offset. It settles what limit means if it brings
// several new rows.
func (p *pager) read(ctx context.Context) (records []*transport.Object, settles bool, err error) {
	reading := p.client.limitReading.Load()
	if p.totalNow != nil && !p.atTail && (reading != limitUnsettled || p.client.limitGuessed.CompareAndSwap(false, true)) {
		p.ahead.Prefetch(ctx, p.upcoming())
	}
	records, refused, err := p.fetch(ctx, p.offset, p.limit(p.offset))
	if err != nil {
		return nil, false, err
	}
	inDoubt := reading == limitUnsettled && p.offset >= pageSize && !p.passed()
	if inDoubt && (refused != nil || !p.bringsNew(records)) {
		records, err = p.otherReading(ctx, records, refused)
		return records, false, err
	}
	return records, inDoubt, refused
}

// upcoming are the pages after the next one, if all are as long as the last one.
// Before the second page they are a guess of what limit means, too, which may be
// wrong once.
func (p *pager) upcoming() []pageKey {
	var keys []pageKey
	for offset := p.offset + p.step; p.step > 0 && len(keys) < p.atOnce-1 && int64(offset) < *p.totalNow; offset += p.step {
		keys = append(keys, pageKey{offset, p.limit(offset)})
	}
	return keys
}

// limit is how the page after an offset is limited, as far as that is settled.
func (p *pager) limit(offset int) int {
	if p.client.limitReading.Load() == limitIsEnd {
		return offset + pageSize
	}
	return pageSize
}

// send asks for one page.
func (p *pager) send(ctx context.Context, k pageKey) (*answer, error) {
	return p.client.post(ctx, transport.Call{
		Operation: transport.OpList, Kind: transport.Read, Path: "/v2/invoice/merchant/list",
	}, map[string]any{
		"start": p.span.first.Format(dayForm), "end": p.span.last.Format(dayForm), "offset": k.offset, "limit": k.limit,
	})
}

// fetch asks for one page. What the gateway refuses as invalid is told apart from
// other errors.
func (p *pager) fetch(ctx context.Context, offset, limit int) (records []*transport.Object, refused, err error) {
	answer, err := p.ahead.Get(ctx, pageKey{offset, limit})
	if errors.Is(err, gateway.ErrInvalid) {
		return nil, err, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if records, err = answer.records(); err != nil {
		return nil, nil, err
	}
	p.last = answer
	if answer.total != nil && *answer.total >= int64(offset+len(records)) { // else it is something else
		p.totalNow = answer.total
		if p.total == nil {
			p.total = answer.total
		}
	}
	return records, nil, nil
}

// otherReading follows a page beyond the first hundred records that brought
// nothing, or was refused with an error, while limit was meant as a number of
// records: it asks again with limit as the end.
func (p *pager) otherReading(ctx context.Context, idle []*transport.Object, refused error) ([]*transport.Object, error) {
	records, again, err := p.fetch(ctx, p.offset, p.offset+pageSize)
	switch {
	case err != nil:
		return nil, err
	case p.bringsNew(records):
		p.client.limitReading.Store(limitIsEnd)
		return records, nil
	case len(records) > 0:
		return records, nil
	case refused != nil && again == nil:
		return nil, nil // what was refused was only an end before the beginning
	case p.total != nil && !p.reached():
		return nil, p.outOfReach()
	}
	// Either there are no more than these hundred, or limit is the end and may
	// not be more than a hundred. Two records that are known to be there tell.
	records, _, err = p.fetch(ctx, 2, 2)
	switch {
	case err != nil:
		return nil, err
	case len(records) < 2:
		return nil, p.outOfReach()
	case refused != nil:
		return nil, refused
	}
	p.client.limitReading.Store(limitIsCount)
	return idle, nil
}

func (p *pager) outOfReach() error {
	return p.last.unexpected(fmt.Errorf("%w from %s", errOutOfReach, p.span))
}

// invoices reads the records of a page.
func (p *pager) invoices(records []*transport.Object) ([]*Invoice, error) {
	rows := make([]*Invoice, 0, len(records))
	for _, record := range records {
		if isWithdrawal(record) {
			p.withdrawals = true
			p.known.IsNew(rowKey(record))
			continue
		}
		inv, err := readInvoice(record)
		if err != nil {
			return nil, p.last.unexpected(err)
		}
		p.known.IsNew(rowKey(record))
		rows = append(rows, inv)
	}
	if err := p.known.EndPage(); err != nil {
		return nil, p.last.unexpected(err)
	}
	return rows, nil
}

func (p *pager) bringsNew(records []*transport.Object) bool {
	return slices.ContainsFunc(records, func(record *transport.Object) bool { return !p.known.Knows(rowKey(record)) })
}

func isWithdrawal(record *transport.Object) bool { return record.Text("type") == "dw" }

// rowKey tells the rows of a list apart.
func rowKey(record *transport.Object) string {
	return record.Text("type") + " " + record.Text("uuid") + " " + record.Text("invoice_id")
}
