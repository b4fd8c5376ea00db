package engine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestClaims(t *testing.T) {
	var c Claims
	if c.Has("meum", "1") || !c.Acquire("meum", "1") || c.Acquire("meum", "1") || !c.Has("meum", "1") {
		t.Error("an invoice is claimed once")
	}
	if !c.Acquire("xpays", "1") || !c.Acquire("meum", "2") {
		t.Error("another invoice, or one of another gateway, is another claim")
	}
	first := c.Token("meum", "1")
	if first == "" || first == c.Token("meum", "2") || c.Token("meum", "3") != "" {
		t.Error("each claim has its own token")
	}
	if _, err := c.AcquireForDelete(t.Context(), "meum", "1", "somebody's"); !errors.Is(err, ErrClaimed) {
		t.Error("what somebody else has is not to be destroyed")
	}
	if done, err := c.AcquireForDelete(t.Context(), "meum", "1", first); err != nil || c.Acquire("meum", "1") {
		t.Error("an owner destroys its invoice, and nobody takes it over meanwhile")
	} else if done(false); c.Token("meum", "1") != first {
		t.Error("an invoice that stays is its owner's again")
	}
	if done, err := c.AcquireForDelete(t.Context(), "meum", "9", "of an earlier process"); err != nil || c.Acquire("meum", "9") {
		t.Error("nobody takes over an invoice that is being destroyed")
	} else if done(false); c.Has("meum", "9") {
		t.Error("an invoice that nobody had is nobody's when it stays")
	}
	if done, err := c.AcquireForDelete(t.Context(), "meum", "1", first); err == nil {
		done(true)
	}
	if c.Has("meum", "1") || !c.Acquire("meum", "1") || c.Token("meum", "1") == first {
		t.Error("after its owner is gone, an invoice can be claimed anew")
	}
}

// An invoice that was imported to two addresses is destroyed at both at once.
func TestClaimsOfTwoDeletes(t *testing.T) {
	for _, gone := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var c Claims
			first, err := c.AcquireForDelete(t.Context(), "meum", "1", "")
			if err != nil {
				t.Fatal("nobody had the invoice")
			}
			second := make(chan func(bool))
			go func() {
				done, err := c.AcquireForDelete(t.Context(), "meum", "1", "")
				if err != nil {
					t.Error("a delete that has ended keeps nothing from the next one")
				}
				second <- done
			}()
			synctest.Wait()
			select {
			case <-second:
				t.Fatal("two deletes of an invoice ran at once")
			default:
			}
			short, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := c.AcquireForDelete(short, "meum", "1", ""); !errors.Is(err, ErrBeingDeleted) {
				t.Errorf("after its time a delete waits no longer, but ends with %v", err)
			}
			interrupted, interrupt := context.WithCancel(t.Context())
			interrupt()
			if _, err := c.AcquireForDelete(interrupted, "meum", "1", ""); !errors.Is(err, ErrBeingDeleted) {
				t.Errorf("an interrupted delete ends with %v", err)
			}
			first(gone)
			(<-second)(true)
			if c.Has("meum", "1") {
				t.Error("the invoice is still claimed")
			}
		})
	}
}
