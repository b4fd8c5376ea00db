package cryptocloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// infoEndpoint answers batches and notes them. It waits at the gate, if there is one.
type infoEndpoint struct {
	mu      sync.Mutex
	batches [][]string
	gate    chan struct{}
	refuse  func(ids []string) error
	unknown string
	most    int // invoices in a response; 0 is no such bound
}

func (f *infoEndpoint) read(ctx context.Context, ids []string) (map[string]*Invoice, error) {
	f.mu.Lock()
	f.batches = append(f.batches, slices.Clone(ids))
	f.mu.Unlock()
	if f.gate != nil {
		select {
		case <-f.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f.refuse != nil {
		if err := f.refuse(ids); err != nil {
			return nil, err
		}
	}
	found := map[string]*Invoice{}
	for _, id := range ids {
		if id != f.unknown && (f.most == 0 || len(found) < f.most) {
			found[id] = &Invoice{ID: id}
		}
	}
	return found, nil
}

func (f *infoEndpoint) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.batches)
}

// getAll reads ids at the same time and returns the errors by id.
func getAll(t *testing.T, b *batcher, ids []string) map[string]error {
	t.Helper()
	var mu sync.Mutex
	failed := map[string]error{}
	var group sync.WaitGroup
	for _, id := range ids {
		group.Go(func() {
			inv, err := b.get(context.Background(), id)
			if err == nil && inv != nil && inv.ID != id {
				t.Errorf("requested %s, got %s", id, inv.ID)
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[id] = err
			}
		})
	}
	group.Wait()
	return failed
}

func ids(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("INV-%08d", i)
	}
	return all
}

// busy makes a batcher with a request under way, so that the next reads gather.
func busy(t *testing.T, f *infoEndpoint) (b *batcher, release func()) {
	t.Helper()
	f.gate = make(chan struct{})
	b = &batcher{read: f.read}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = b.get(context.Background(), "INV-FIRST")
	}()
	for f.count() == 0 {
		time.Sleep(time.Millisecond)
	}
	return b, func() {
		close(f.gate)
		<-done
	}
}

func TestALoneReadIsSentAtOnce(t *testing.T) {
	f := &infoEndpoint{}
	b := &batcher{read: f.read}
	for _, id := range ids(3) {
		if inv, err := b.get(context.Background(), id); err != nil || inv.ID != id {
			t.Errorf("%v, %v", inv, err)
		}
	}
	if f.count() != 3 {
		t.Errorf("batches %v, want each read by itself", f.batches)
	}
}

func TestReadsAtTheSameTimeShareARequest(t *testing.T) {
	f := &infoEndpoint{}
	b, release := busy(t, f)
	time.AfterFunc(50*time.Millisecond, release)
	if failed := getAll(t, b, ids(99)); len(failed) > 0 {
		t.Error(failed)
	}
	total := 0
	for _, batch := range f.batches {
		total += len(batch)
		if len(batch) > maxIDs {
			t.Errorf("a request asks for %d invoices", len(batch))
		}
	}
	if len(f.batches) > 5 || total != 100 {
		t.Errorf("%d requests for %d invoices", len(f.batches), total)
	}
}

func TestABatchIsNeverTooLarge(t *testing.T) {
	f := &infoEndpoint{}
	b, release := busy(t, f)
	time.AfterFunc(50*time.Millisecond, release)
	if failed := getAll(t, b, ids(350)); len(failed) > 0 {
		t.Error(failed)
	}
	for _, batch := range f.batches {
		if len(batch) > maxIDs {
			t.Errorf("a request asks for %d invoices", len(batch))
		}
	}
}

func TestOneBadIDDoesNotFailItsNeighbours(t *testing.T) {
	f := &infoEndpoint{refuse: func(ids []string) error {
		if slices.Contains(ids, "INV-00000003") {
			return &gateway.Error{Kind: gateway.ErrInvalid}
		}
		return nil
	}}
	b, release := busy(t, f)
	time.AfterFunc(20*time.Millisecond, release)
	failed := getAll(t, b, ids(10))
	if len(failed) != 1 || !errors.Is(failed["INV-00000003"], gateway.ErrInvalid) {
		t.Errorf("failed %v, want the bad one alone", failed)
	}
}

func TestAFailureOfTheGatewayIsEverybodys(t *testing.T) {
	f := &infoEndpoint{refuse: func(ids []string) error {
		if len(ids) > 1 {
			return &gateway.Error{Kind: gateway.ErrUnavailable}
		}
		return nil
	}}
	b, release := busy(t, f)
	time.AfterFunc(20*time.Millisecond, release)
	for id, err := range getAll(t, b, ids(10)) {
		if !errors.Is(err, gateway.ErrUnavailable) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAnUnknownInvoiceIsNil(t *testing.T) {
	f := &infoEndpoint{unknown: "INV-GONE"}
	b := &batcher{read: f.read}
	if inv, err := b.get(context.Background(), "INV-GONE"); inv != nil || err != nil || f.count() != 1 {
		t.Errorf("%v, %v after %v", inv, err, f.batches)
	}
}

// TestAMissingInvoiceIsAskedForAlone: a response to several reads may leave out an
// invoice that is there. Only those that are missing are requested again.
func TestAMissingInvoiceIsAskedForAlone(t *testing.T) {
	tests := []struct {
		name     string
		endpoint *infoEndpoint
		alone    []string // requested once more
		gone     []string
		failed   []string
	}{
		{"all are there", &infoEndpoint{}, nil, nil, nil},
		{"a short response", &infoEndpoint{most: 7}, ids(10)[7:], nil, nil},
		{"one is unknown", &infoEndpoint{unknown: "INV-00000003"}, []string{"INV-00000003"}, []string{"INV-00000003"}, nil},
		{"alone it fails", &infoEndpoint{most: 9, refuse: func(asked []string) error {
			if slices.Equal(asked, []string{"INV-00000009"}) {
				return &gateway.Error{Kind: gateway.ErrUnavailable}
			}
			return nil
		}}, []string{"INV-00000009"}, nil, []string{"INV-00000009"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := test.endpoint
				b, release := busy(t, f)
				var mu sync.Mutex
				var gone, failed []string
				var group sync.WaitGroup
				for _, id := range ids(10) {
					group.Go(func() {
						inv, err := b.get(context.Background(), id)
						mu.Lock()
						defer mu.Unlock()
						if err != nil {
							failed = append(failed, id)
						} else if inv == nil {
							gone = append(gone, id)
						}
					})
					synctest.Wait() // in this order
				}
				release()
				group.Wait()
				if !slices.Equal(gone, test.gone) || !slices.Equal(failed, test.failed) {
					t.Errorf("gone %v, failed %v", gone, failed)
				}
				want := [][]string{{"INV-FIRST"}, ids(10)}
				for _, id := range test.alone {
					want = append(want, []string{id})
				}
				slices.SortFunc(f.batches[2:], slices.Compare[[]string])
				if !slices.EqualFunc(f.batches, want, slices.Equal[[]string]) {
					t.Errorf("requested %v, not %v", f.batches, want)
				}
			})
		})
	}
}

// TestReadsOfOneInvoiceAreAlone: a request about one invoice is enough, however
// many wait for it.
func TestReadsOfOneInvoiceAreAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &infoEndpoint{unknown: "INV-GONE"}
		b, release := busy(t, f)
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if inv, err := b.get(context.Background(), "INV-GONE"); inv != nil || err != nil {
					t.Errorf("%v, %v", inv, err)
				}
			})
		}
		synctest.Wait()
		release()
		group.Wait()
		if f.count() != 2 {
			t.Errorf("requested %v", f.batches)
		}
	})
}

func TestACallerLeavesWithoutTheOthers(t *testing.T) {
	f := &infoEndpoint{}
	b, release := busy(t, f)
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error)
	go func() {
		_, err := b.get(ctx, "INV-A")
		left <- err
	}()
	stayed := make(chan error)
	go func() {
		_, err := b.get(context.Background(), "INV-B")
		stayed <- err
	}()
	time.Sleep(20 * time.Millisecond)
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that left: %v", err)
	}
	release()
	if err := <-stayed; err != nil {
		t.Errorf("the one that stayed: %v", err)
	}
}

func TestARequestEndsWithItsLastCaller(t *testing.T) {
	f := &infoEndpoint{gate: make(chan struct{})}
	ended := make(chan error, 1)
	b := &batcher{read: func(ctx context.Context, ids []string) (map[string]*Invoice, error) {
		found, err := f.read(ctx, ids)
		ended <- err
		return found, err
	}}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, _ = b.get(ctx, "INV-A")
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the request goes on although nobody waits for it")
	}
}
