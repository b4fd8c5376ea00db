package store

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"
	"go.etcd.io/bbolt"
)

// errUnchanged ends a transaction without writes, without a commit.
var errUnchanged = errors.New("nothing was written")

func (s *Store) transact(ctx context.Context, writable bool, name string, fn func(tx *Tx) error) error {
	s.inUse.RLock()
	defer s.inUse.RUnlock()
	if s.closed {
		return s.explain(ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return s.explain(err)
	}

	var failed error // by fn: the caller's own error, not the store's
	work := func(root *bbolt.Tx) error {
		changed := false
		tx, err := (&Tx{root: root, writable: writable, changed: &changed}).In(name)
		if err != nil {
			return err
		}
		failed = fn(tx)
		if failed != nil {
			return failed
		}
		if !changed {
			return errUnchanged
		}
		return nil
	}

	err := s.withDatabase(ctx, writable, func(db *database) error { return db.transact(writable, work) })
	if failed != nil && !errors.Is(failed, ErrDamaged) {
		return failed
	}
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return s.explain(err)
	}
	return nil
}

// withDatabase calls fn with the open database under the store's locks.
func (s *Store) withDatabase(ctx context.Context, writable bool, fn func(*database) error) error {
	if s.held != nil {
		return fn(s.held)
	}

	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.turn }()
	lock, err := s.acquire(ctx, writable)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()

	db := s.reuse(writable)
	if db == nil && keepsOpen && !writable { // nobody else may use it while it is opened to be kept
		_ = lock.Unlock()
		if lock, err = s.acquire(ctx, true); err != nil {
			return err
		}
	}
	opened := db == nil
	if opened {
		if db, err = openDatabase(filepath.Join(s.dir, dataFile), writable || keepsOpen, false); err != nil {
			return err
		}
	}
	keep := false
	defer func() { // even if fn panics
		if keep && db.release(opened || writable) == nil {
			s.kept = db
			return
		}
		db.close()
	}()
	err = fn(db)
	keep = keepsOpen && (err == nil || errors.Is(err, errUnchanged))
	return err
}

// reuse returns the database that was kept open; nil if there is none that can be used.
func (s *Store) reuse(writable bool) *database {
	db := s.kept
	s.kept = nil
	if db == nil || db.retake(filepath.Join(s.dir, dataFile), writable) {
		return db
	}
	db.close()
	return nil
}

// acquire waits for the lock file, which keeps processes apart. The database has its
// own lock, but waiting for it polls every 50 ms.
func (s *Store) acquire(ctx context.Context, exclusive bool) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(s.dir, lockFile), flock.SetPermissions(0o600))
	try, wait := lock.TryRLock, lock.RLock
	if exclusive {
		try, wait = lock.TryLock, lock.Lock
	}
	if ok, err := try(); ok || err != nil {
		return lock, err
	}

	got := make(chan error, 1)
	go func() {
		err := wait()
		for errors.Is(err, syscall.EINTR) {
			err = wait()
		}
		got <- err
	}()
	select {
	case err := <-got:
		return lock, err
	case <-ctx.Done():
		go func() { // the wait itself cannot be canceled
			if <-got == nil {
				_ = lock.Unlock()
			}
		}()
		return nil, ctx.Err()
	}
}
