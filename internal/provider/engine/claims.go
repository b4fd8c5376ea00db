package engine

import (
	"crypto/rand"
	"sync"
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
// delete of the invoice, which may have been imported to two addresses. false says that
// somebody else has it. done ends the claim when the invoice is gone; when it stays,
// it leaves the claim as it was.
func (c *Claims) AcquireForDelete(gatewayName, id, token string) (done func(gone bool), ok bool) {
	key := gatewayName + "/" + id
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.deleting[key] != nil {
		other := c.deleting[key]
		c.mu.Unlock()
		<-other
		c.mu.Lock()
	}
	was := c.taken[key]
	if was != "" && was != token {
		return nil, false
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
	}, true
}

// Release ends a claim, since its owner is no more.
func (c *Claims) Release(gatewayName, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.taken, gatewayName+"/"+id)
}
