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
	// pageSize is the maximum that one request may ask for.
	pageSize = 100
	// dayLayout is the layout of a list's days.
	dayLayout = "02.01.2006"
)

// What a list's limit means. The documentation calls it the number of the last record,
// and its samples fit both readings.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
const (
	limitUnsettled int32 = iota
	limitIsCount         // the number of records
	limitIsEnd           // the index after the last one
)

// errOutOfReach: the gateway shows only the first hundred invoices of a span.
var errOutOfReach = errors.New("the gateway returns no more than the first 100 invoices")

// pager reads the pages of one span. The next page starts after the rows received,
// however many were requested, because a gateway may return fewer.
type pager struct {
	client *Client
	span   span
	offset int
	step   int // rows of the last page
	known  gateway.Progress
	// received counts the rows, including repeated ones, of pages that had any new one.
	received int64
	// total and totalNow are the first and the last count of rows that the gateway
	// reported; nil if it has not reported any.
	total, totalNow *int64
	// withdrawals says that the list has some. Whether the total counts them is not
	// documented, so reaching it is not the end.
	withdrawals bool
	// atTail says that the offset has gone back because rows were repeated: as many may
	// have been skipped at the end.
	atTail bool
	last   *response
	ahead  *gateway.Prefetcher[pageKey, *response]
	atOnce int // the maximum number of pages that are requested at a time
}

// pageKey distinguishes the requests for a span's pages.
type pageKey struct{ offset, limit int }

// newPager returns the pager of a span. It requests up to atOnce pages at a time, once
// it knows that there are as many.
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
		if settles && fresh > 1 { // even if limit was the index of the last record, there would be one
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

// count returns the number of different rows so far.
func (p *pager) count() int64 { return int64(p.known.Count()) }

// reached reports whether the offset has reached the number of rows that the gateway
// reports.
func (p *pager) reached() bool { return p.totalNow != nil && int64(p.offset) >= *p.totalNow }

// passed reports whether the offset is past the end.
func (p *pager) passed() bool { return p.reached() && !p.withdrawals }

// toTail goes back by the number of repeated rows, once.
func (p *pager) toTail() bool {
	if p.atTail || p.offset <= p.known.Count() {
		return false
	}
	p.offset, p.atTail = p.known.Count(), true
	return true
}

// read requests the page at the offset. Several new rows settle what limit means.
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

// upcoming returns the pages after the next one, assuming that all are as long as the
// last one. Before the second page, they are also a guess at what limit means, which
// may be wrong once.
func (p *pager) upcoming() []pageKey {
	var keys []pageKey
	for offset := p.offset + p.step; p.step > 0 && len(keys) < p.atOnce-1 && int64(offset) < *p.totalNow; offset += p.step {
		keys = append(keys, pageKey{offset, p.limit(offset)})
	}
	return keys
}

// limit returns the limit for the page after an offset, by what is known of its
// meaning.
func (p *pager) limit(offset int) int {
	if p.client.limitReading.Load() == limitIsEnd {
		return offset + pageSize
	}
	return pageSize
}

// send requests one page.
func (p *pager) send(ctx context.Context, k pageKey) (*response, error) {
	return p.client.post(ctx, transport.Call{
		Operation: transport.OpList, Kind: transport.Read, Path: "/v2/invoice/merchant/list",
	}, map[string]any{
		"start": p.span.first.Format(dayLayout), "end": p.span.last.Format(dayLayout), "offset": k.offset, "limit": k.limit,
	})
}

// fetch requests one page. It distinguishes what the gateway rejects as invalid from
// other errors.
func (p *pager) fetch(ctx context.Context, offset, limit int) (records []*transport.Object, refused, err error) {
	resp, err := p.ahead.Get(ctx, pageKey{offset, limit})
	if errors.Is(err, gateway.ErrInvalid) {
		return nil, err, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if records, err = resp.records(); err != nil {
		return nil, nil, err
	}
	p.last = resp
	if resp.total != nil && *resp.total >= int64(offset+len(records)) { // otherwise it is something else
		p.totalNow = resp.total
		if p.total == nil {
			p.total = resp.total
		}
	}
	return records, nil, nil
}

// otherReading follows a page beyond the first hundred records that had nothing or was
// rejected, with limit as a number of records: it tries again with limit as the end.
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
		return nil, nil // the only thing rejected was an end before the beginning
	case p.total != nil && !p.reached():
		return nil, p.outOfReach()
	}
	// Either there are no more than these hundred, or limit is the end and may not
	// exceed a hundred. Reading two records that are known to exist shows which.
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

// invoices parses the records of a page.
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

// rowKey identifies the rows of a list.
func rowKey(record *transport.Object) string {
	return record.Text("type") + " " + record.Text("uuid") + " " + record.Text("invoice_id")
}
