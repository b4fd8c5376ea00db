package faults

import (
	"context"
	"net/http"
	"sync"
)

// Rule selects the requests for a fault.
type Rule struct {
	Operation Operation
	Fault     Fault
	// After is how many requests of the operation pass before.
	After int
	// Times is how many requests get the fault; 0 is all.
	Times int
}

// Injector injects faults into requests. It is safe for concurrent use.
type Injector struct {
	mu       sync.Mutex
	rules    []*counted
	over     chan struct{} // closed when the present rules no longer hold
	injected int
	more     chan struct{} // closed when struck grows
}

// counted is a rule and what it has seen.
type counted struct {
	Rule
	seen, injected int
}

// New returns an injector. The first rule that matches a request applies.
func New(rules ...Rule) *Injector {
	i := &Injector{more: make(chan struct{})}
	i.Arm(rules...)
	return i
}

// Arm replaces the rules, and ends requests that still hang because of the old ones.
func (i *Injector) Arm(rules ...Rule) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.over != nil {
		close(i.over)
	}
	i.over = make(chan struct{})
	i.rules = nil
	for _, r := range rules {
		i.rules = append(i.rules, &counted{Rule: r})
	}
}

// Disarm lets all requests pass.
func (i *Injector) Disarm() { i.Arm() }

// Injected is the number of faults so far.
func (i *Injector) Injected() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.injected
}

// Await waits until this many faults have been injected. If a fault comes after the
// gateway has processed the request, it has.
func (i *Injector) Await(ctx context.Context, requests int) error {
	for {
		i.mu.Lock()
		injected, more := i.injected, i.more
		i.mu.Unlock()
		if injected >= requests {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Wrap is the middleware.
func (i *Injector) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault, over, met := i.choose(r)
		if !met {
			next.ServeHTTP(w, r)
			return
		}
		x := &exchange{w: w, r: r, over: over}
		if fault.Processed {
			x.response = newResponse()
			// The gateway finishes its work even if the client does not wait.
			next.ServeHTTP(x.response, r.WithContext(context.WithoutCancel(r.Context())))
		}
		i.note()
		fault.apply(x)
	})
}

// choose finds the fault for a request.
func (i *Injector) choose(r *http.Request) (fault Fault, over <-chan struct{}, met bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, rule := range i.rules {
		if !rule.Operation.Matches(r) {
			continue
		}
		rule.seen++
		if rule.seen > rule.After && (rule.Times == 0 || rule.injected < rule.Times) {
			rule.injected++
			return rule.Fault, i.over, true
		}
	}
	return Fault{}, nil, false
}

func (i *Injector) note() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.injected++
	close(i.more)
	i.more = make(chan struct{})
}
