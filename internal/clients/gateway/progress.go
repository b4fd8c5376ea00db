package gateway

import (
	"errors"
	"fmt"
)

// maxIdlePages is how many pages in a row may bring nothing new: rows move
// between pages when invoices are made while a list is read.
const maxIdlePages = 3

// What a list may have at most, in ids and in bytes of answers. It bounds the memory
// and the time that a gateway can take of whoever reads a list without end.
const (
	maxListed      = 100_000
	maxListedBytes = 64 << 20
)

// Lists that do not come to their end.
var (
	ErrRepeatedPages = errors.New("the gateway returns the same invoices page after page, so the list does not end")
	ErrTooMany       = fmt.Errorf("the gateway lists more than %d invoices: use a narrower filter", maxListed)
	ErrTooLarge      = fmt.Errorf("the gateway's list is larger than %d MiB: use a narrower filter", maxListedBytes>>20)
)

// Progress watches over a list that comes in pages. It tells ids that are new
// from repeated ones, and notices pages that bring nothing new.
type Progress struct {
	seen  map[string]struct{}
	fresh bool
	idle  int
	bytes int
}

// Received notes the size of an answer that belongs to the list. It is ErrTooLarge
// when all of them are larger than anybody wants.
func (p *Progress) Received(bytes int) error {
	if p.bytes += bytes; p.bytes > maxListedBytes {
		return ErrTooLarge
	}
	return nil
}

// IsNew reports whether the id occurs for the first time, and remembers it.
func (p *Progress) IsNew(id string) bool {
	if p.Knows(id) {
		return false
	}
	if p.seen == nil {
		p.seen = map[string]struct{}{}
	}
	p.seen[id] = struct{}{}
	p.fresh = true
	return true
}

// Knows reports whether the id has occurred.
func (p *Progress) Knows(id string) bool {
	_, known := p.seen[id]
	return known
}

// EndPage notes that a page is read. It is ErrRepeatedPages after several in a
// row without a new id, and ErrTooMany when there are more than anybody wants.
func (p *Progress) EndPage() error {
	if p.Count() > maxListed {
		return ErrTooMany
	}
	if p.fresh {
		p.fresh, p.idle = false, 0
		return nil
	}
	if p.idle++; p.idle >= maxIdlePages {
		return ErrRepeatedPages
	}
	return nil
}

// Count is the number of ids.
func (p *Progress) Count() int { return len(p.seen) }
