package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
)

var (
	// ErrClaimed says that another resource has the invoice.
	ErrClaimed = errors.New("another resource has it")
	// ErrBeingDeleted says that another resource is still canceling the invoice.
	ErrBeingDeleted = errors.New("another resource is still canceling it")
)

// Claims remembers which invoices have an owner in this process: two resources
// with the same reference must not both take the same invoice. Each claim has a
// token, which its owner keeps: the process may serve one command after another.
type Claims struct {
	mu       sync.Mutex
	taken    map[string]string        // tokens
	deleting map[string]chan struct{} // closed when the delete has ended
}

// Acquire claims an invoice; false says that somebody else has it.
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

// Token is that of the claim on an invoice; "" where there is none.
func (c *Claims) Token(gatewayName, id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken[gatewayName+"/"+id]
}

// Has reports whether somebody has claimed an invoice.
func (c *Claims) Has(gatewayName, id string) bool { return c.Token(gatewayName, id) != "" }

// AcquireForDelete claims an invoice that is to be destroyed, for the owner with this token or
// while nobody has it: nobody may take over what is being canceled. It waits for another
// delete of the invoice, which may have been imported to two addresses, as long as ctx
// lasts. ErrClaimed says that somebody else has it. done ends the claim when the invoice
// is gone; when it stays, it leaves the claim as it was.
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

// Release ends a claim, since its owner is no more.
func (c *Claims) Release(gatewayName, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.taken, gatewayName+"/"+id)
}
