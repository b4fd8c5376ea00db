package hesabe

import (
	"context"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// FindByReference searches all invoices if since is zero.
func (c *Client) FindByReference(ctx context.Context, reference string, since time.Time) ([]*Invoice, error) {
	if reference == "" {
		return nil, c.http.InvalidRequest(transport.OpList, "referenceNumber", "it is empty")
	}
	filter := Filter{ReferenceNumber: reference}
	if !since.IsZero() {
		latest := since
		if now := c.now(); now.After(latest) {
			latest = now
		}
		filter.FromDate, filter.ToDate = daysAround(since.Add(-gateway.ClockSkew), latest)
	}
	return gateway.WithReference(c.List(ctx, filter), reference, since)
}

// FindByToken finds an invoice by its token, by which Hesabe cannot read it.
// ErrNotFound means that no list has it.
func (c *Client) FindByToken(ctx context.Context, token string) (*Invoice, error) {
	if err := ValidateToken(token); err != nil {
		return nil, c.http.InvalidRequest(transport.OpList, "token", err.Error())
	}
	// Whether a search matches tokens is not documented, but the token itself contains
	// the day of creation.
	for _, filter := range append([]Filter{{Search: token}}, c.creationDays(token)...) {
		for inv, err := range c.rows(ctx, filter) {
			if err == nil && inv.Token == "" && filter.Search != "" {
				inv, err = c.complete(ctx, inv)
			}
			if err != nil {
				return nil, err
			}
			if inv.Token == token && inv.Facts(c.now()).Partial {
				return c.complete(ctx, inv)
			}
			if inv.Token == token {
				return inv, nil
			}
		}
	}
	return nil, &gateway.Error{
		Gateway: Title, Operation: transport.OpList, Kind: gateway.ErrNotFound,
		Message: "no list of invoices has one with the token " + token,
	}
}

// earliestDay is before the first invoice of this API.
var earliestDay = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// creationDays returns filters for the days on which an invoice may have been created,
// from its token: the merchant's number, the Unix second of creation and random digits.
// The length of the merchant's number is not known.
func (c *Client) creationDays(token string) []Filter {
	const secondDigits = 10
	var filters []Filter
	for start := 1; start+secondDigits <= len(token); start++ {
		second, err := strconv.ParseInt(token[start:start+secondDigits], 10, 64)
		if err != nil {
			continue
		}
		created := time.Unix(second, 0)
		if created.Before(earliestDay) || created.After(c.now().AddDate(0, 0, 1)) {
			continue
		}
		from, to := daysAround(created, created)
		filters = append(filters, Filter{FromDate: from, ToDate: to})
	}
	return filters
}

// daysAround returns the days in Kuwait from the one before a time to the one after
// another, because it is not documented whether a list's last day is included.
func daysAround(from, to time.Time) (fromDate, toDate string) {
	day := func(t time.Time) string { return t.In(kuwait).Format(time.DateOnly) }
	return day(from.AddDate(0, 0, -1)), day(to.AddDate(0, 0, 1))
}
