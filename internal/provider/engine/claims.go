package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
)

var (
	// ErrClaimed means that another resource has the invoice.
	ErrClaimed = errors.New("another resource has it")
	// ErrBeingDeleted means that another resource is still canceling the invoice.
	ErrBeingDeleted = errors.New("another resource is still canceling it")
)

// Claims records which invoices have an owner in this process, so that two resources
// with the same reference do not take the same invoice. Each claim has a token, which
// its owner stores, because the process may serve several commands.
type Claims struct {
	mu       sync.Mutex
	taken    map[string]string        // tokens
	deleting map[string]chan struct{} // closed when the delete ends
}

// Acquire claims an invoice. It returns false if another owner has it.
func (c *Claims) Acquire(gatewayName, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := gatewayName + "/" + id
	if c.taken[key] != "" {
		return false
	}
	c.put(key)
	return true
}

// put gives a claim its token.
func (c *Claims) put(key string) {
	if c.taken == nil {
		c.taken = map[string]string{}
	}
	c.taken[key] = rand.Text()
}

// Token returns the token of the claim on an invoice; "" if there is none.
func (c *Claims) Token(gatewayName, id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken[gatewayName+"/"+id]
}

// Has reports whether an invoice is claimed.
func (c *Claims) Has(gatewayName, id string) bool { return c.Token(gatewayName, id) != "" }

// AcquireForDelete claims an invoice that is to be destroyed, if it is unclaimed or the
// token is that of its claim, so that nobody takes over an invoice that is being
// canceled. It waits, as long as ctx lasts, for another delete of the same invoice,
// which may have been imported to two addresses. ErrClaimed means that another owner
// has it. done ends the claim if the invoice is gone, and otherwise restores it.
func (c *Claims) AcquireForDelete(ctx context.Context, gatewayName, id, token string) (done func(gone bool), err error) {
	key := gatewayName + "/" + id
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.deleting[key] != nil {
		other := c.deleting[key]
		c.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
		}
		c.mu.Lock()
		if ctx.Err() != nil {
			return nil, ErrBeingDeleted
		}
	}
	was := c.taken[key]
	if was != "" && was != token {
		return nil, ErrClaimed
	}
	if was == "" {
		c.put(key)
	}
	if c.deleting == nil {
		c.deleting = map[string]chan struct{}{}
	}
	ended := make(chan struct{})
	c.deleting[key] = ended
	return func(gone bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if gone || was == "" {
			delete(c.taken, key)
		}
		delete(c.deleting, key)
		close(ended)
	}, nil
}

// Release ends a claim whose owner no longer exists.
func (c *Claims) Release(gatewayName, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.taken, gatewayName+"/"+id)
}
