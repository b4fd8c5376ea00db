package gateway

import (
	"errors"
	"fmt"
)

// maxIdlePages is how many consecutive pages may have nothing new: rows move between
// pages if invoices are created while a list is read.
const maxIdlePages = 3

// Limits of a list, in ids and in bytes of responses. They bound the memory and the
// time that a gateway can cost the reader of an endless list.
const (
	maxListed      = 100_000
	maxListedBytes = 64 << 20
)

// Errors of a list that does not end.
var (
	ErrRepeatedPages = errors.New("the gateway returns the same invoices page after page, so the list does not end")
	ErrTooMany       = fmt.Errorf("the gateway lists more than %d invoices: use a narrower filter", maxListed)
	ErrTooLarge      = fmt.Errorf("the gateway's list is larger than %d MiB: use a narrower filter", maxListedBytes>>20)
)

// Progress tracks a list that comes in pages. It distinguishes new ids from repeated
// ones, and detects pages that have nothing new.
type Progress struct {
	seen  map[string]struct{}
	fresh bool
	idle  int
	bytes int
}

// Received adds the size of a response that belongs to the list. It returns ErrTooLarge
// if the list exceeds its limit.
func (p *Progress) Received(bytes int) error {
	if p.bytes += bytes; p.bytes > maxListedBytes {
		return ErrTooLarge
	}
	return nil
}

// IsNew reports whether the id is seen for the first time, and records it.
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

// Knows reports whether the id has been seen.
func (p *Progress) Knows(id string) bool {
	_, known := p.seen[id]
	return known
}

// EndPage records the end of a page. It returns ErrRepeatedPages after several
// consecutive pages without a new id, and ErrTooMany if the list exceeds its limit.
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
