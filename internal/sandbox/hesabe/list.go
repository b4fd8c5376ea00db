package hesabe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const defaultPageSize = 15

// filter is the query of a list.
type filter struct {
	fromDate, toDate string // in Kuwait, inclusive; "" is open
	search           string // in lower case; "" is everything
	none             bool   // a kind of invoice that the simulator does not have
	page             int    // from 1
}

// list lists invoices by the day of their creation, in Kuwait.
// https://developer.hesabe.com/docs/api/get-quick-invoice
func (s *Simulator) list(tx transaction, c *call) (httpResponse, error) {
	wanted, found := readFilter(c)
	if len(found) > 0 {
		return httpResponse{}, s.invalid(found)
	}
	size := s.behaviour.PageSize
	if size == 0 {
		size = defaultPageSize
	}
	counts, ids, err := s.selectRows(tx, wanted, size)
	if err != nil {
		return httpResponse{}, err
	}
	rows := []any{}
	for _, id := range ids {
		inv, err := tx.Indexed(id)
		if err != nil {
			return httpResponse{}, err
		}
		rows = append(rows, s.row(tx, inv))
	}
	invoices := map[string]any{"data": rows}
	if pages := s.pagination(wanted.page, size, counts.total, len(rows)); pages != nil {
		invoices["pagination"] = pages
	}
	return s.success("Invoice Dashboard", map[string]any{
		"stats":       counts.object(),
		"order_stats": counted{}.object(),
		"invoices":    invoices,
	}), nil
}

func readFilter(c *call) (filter, complaints) {
	f, parameters := c.form("fromDate", "toDate", "page", "search", "invoiceType")
	found := f.done()
	wanted := filter{
		fromDate: parameters["fromDate"],
		toDate:   parameters["toDate"],
		search:   strings.ToLower(parameters["search"]),
		page:     1,
	}
	for _, field := range []string{"fromDate", "toDate"} {
		if day := parameters[field]; day != "" {
			if _, err := time.Parse(dateLayout, day); err != nil {
				found.add(field, "The %s does not match the format Y-m-d.", field)
			}
		}
	}
	if text, given := parameters["page"]; given {
		page, err := strconv.Atoi(text)
		if err != nil || page < 1 || page > 1e6 {
			found.add("page", "The page must be at least 1.")
		}
		wanted.page = page
	}
	// Here the type is the kind of product: single, subscription, split, installment.
	// In a create it is how the invoice is delivered.
	switch parameters["invoiceType"] {
	case "", "1":
	case "0", "6", "7":
		wanted.none = true
	default:
		found.add("invoiceType", "The selected invoiceType is invalid.")
	}
	return wanted, found
}

// counted is the number of invoices in a list, on all pages, by status.
type counted struct {
	total    int
	byStatus map[int]int
}

// object shows the total as a number and the other counts as strings, or as nulls if
// there is nothing to count.
func (n counted) object() map[string]any {
	show := func(status int) any {
		if n.total == 0 {
			return nil
		}
		return strconv.Itoa(n.byStatus[status])
	}
	return map[string]any{
		"total_invoice_count": n.total,
		"invoice_paid":        show(statusPaid),
		"invoice_not_paid":    show(statusUnpaid),
		"invoice_cancelled":   show(statusCanceled),
	}
}

// selectRows counts the matching invoices and returns those of one page.
func (s *Simulator) selectRows(tx transaction, wanted filter, size int) (counted, []json.RawMessage, error) {
	counts := counted{byStatus: map[int]int{}}
	if wanted.none {
		return counts, nil, nil
	}
	first := (wanted.page - 1) * size
	var ids []json.RawMessage
	walk := tx.Descend
	if s.behaviour.OldestFirst {
		walk = tx.Ascend
	}
	err := walk(dayRows, func(key string, raw []byte) (bool, error) {
		day, status, err := dayFacts(key)
		if err != nil {
			return false, err
		}
		if day < wanted.fromDate || (wanted.toDate != "" && day > wanted.toDate) {
			return true, nil
		}
		if wanted.search != "" {
			matches, err := s.matches(tx, raw, wanted.search)
			if err != nil || !matches {
				return true, err
			}
		}
		if counts.total >= first && len(ids) < size {
			ids = append(ids, raw)
		}
		counts.total++
		counts.byStatus[status]++
		return true, nil
	})
	return counts, ids, err
}

// matches compares the columns of an invoice that a search covers.
func (s *Simulator) matches(tx transaction, raw []byte, search string) (bool, error) {
	inv, err := tx.Indexed(raw)
	if err != nil || tx.Now.Before(inv.CreatedAt.Add(s.behaviour.SearchLag)) {
		return false, err
	}
	reference := strings.ToLower(inv.Reference)
	switch s.behaviour.Search {
	case SearchExact:
		return reference == search, nil
	case SearchColumns:
		columns := []string{reference, inv.Token, inv.Description, inv.CustomerName, inv.CustomerEmail, inv.MobileNumber}
		return strings.Contains(strings.ToLower(strings.Join(columns, "\n")), search), nil
	default:
		return strings.Contains(reference, search), nil
	}
}

// pagination describes the page; nil for no description.
func (s *Simulator) pagination(page, size, total, count int) map[string]any {
	link := func(to int) any {
		if to < 1 || (to-1)*size >= total {
			return nil
		}
		return fmt.Sprintf("%s/api/v1/invoice-dashboard?page=%d", site, to)
	}
	all := map[string]any{
		"total":             total,
		"count":             count,
		"next_page_url":     link(page + 1),
		"previous_page_url": link(page - 1),
	}
	keep := func(names ...string) map[string]any {
		for name := range all {
			if !slices.Contains(names, name) {
				delete(all, name)
			}
		}
		return all
	}
	switch s.behaviour.Pagination {
	case PaginationOpenEnded:
		for name, value := range all {
			if value == nil {
				delete(all, name)
			}
		}
		return all
	case PaginationLinks:
		return keep("count", "next_page_url", "previous_page_url")
	case PaginationTotals:
		return keep("total", "count")
	case PaginationNone:
		return nil
	default:
		return all
	}
}
