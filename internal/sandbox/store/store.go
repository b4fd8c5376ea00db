// Package store keeps the sandbox's records on disk.
//
// A store is one directory with one database file. Processes share it: a
// transaction locks the file, does its work and unlocks it again, so two
// Terraform commands on one directory take turns instead of excluding each
// other. A committed update survives the death of the process.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"go.etcd.io/bbolt"
)

const (
	dataFile = "payinvoice-sandbox.db"
	lockFile = "payinvoice-sandbox.lock"

	// openTimeout bounds the wait for another process while opening. A
	// transaction takes milliseconds, so who waits longer waits for a
	// suspended process.
	openTimeout = 10 * time.Second
)

var (
	// ErrClosed reports the use of a store after Close.
	ErrClosed = errors.New("the store is closed")

	// ErrDamaged reports a database file that cannot be read.
	ErrDamaged = errors.New("the database file is damaged")
)

// Option changes how a store is opened.
type Option func(*Store)

// Temporary is for tests: nothing is synced to disk and the file stays open,
// so no other process or Store can use the directory until Close.
func Temporary() Option {
	return func(s *Store) { s.temporary = true }
}

// Store is a directory of records. It is safe for concurrent use.
type Store struct {
	dir       string
	temporary bool
	warning   string

	turn chan struct{} // one transaction at a time, except in a temporary store

	inUse  sync.RWMutex // held for reading by transactions, for writing by Close
	closed bool

	kept *database // the database between transactions, unlocked; belongs to who has the turn

	held *database    // a temporary store's open database
	lock *flock.Flock // and its lock
}

// Open makes or opens the store in dir. A new directory gets mode 0700, files
// get 0600; for an existing one see Warning. It waits at most ten seconds for another process, and answers
// ErrDamaged for a database file that cannot be read.
func Open(dir string, opts ...Option) (*Store, error) {
	s := &Store{dir: dir, turn: make(chan struct{}, 1)}
	for _, opt := range opts {
		opt(s)
	}
	if dir == "" {
		return nil, errors.New("sandbox store: the data directory has no name")
	}
	if err := s.open(); err != nil {
		return nil, s.explain(err)
	}
	return s, nil
}

func (s *Store) open() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("%w: %w", errNoDirectory, err)
	}
	info, err := os.Stat(s.dir)
	if err != nil {
		return err
	}
	s.warning = exposure(s.dir, info)

	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	lock, err := s.acquire(ctx, true)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("another process has kept it locked for %s", openTimeout)
		}
		return err
	}
	keep := false
	defer func() {
		if !keep {
			_ = lock.Unlock()
		}
	}()

	path := filepath.Join(s.dir, dataFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return err
		}
	}
	// Opening for writing shows now, not in the middle of an apply, that the
	// file is readable and writable.
	db, err := openDatabase(path, true, s.temporary)
	if err != nil {
		return err
	}
	if err := db.transact(true, func(*bbolt.Tx) error { return nil }); err != nil {
		db.close()
		return err
	}
	if s.temporary {
		s.held, s.lock, keep = db, lock, true
		return nil
	}
	if keepsOpen && db.release(true) == nil {
		s.kept = db
		return nil
	}
	return db.close()
}

// exposure says who besides its owner can read or write the directory; empty
// where nobody can. Windows keeps permissions elsewhere.
func exposure(dir string, info fs.FileInfo) string {
	mode := info.Mode().Perm()
	if mode&0o066 == 0 || runtime.GOOS == "windows" {
		return ""
	}
	can := "read"
	if mode&0o022 != 0 {
		can = "write"
	}
	return fmt.Sprintf("Other users of this machine can %s the sandbox's data directory %q (mode %04o). "+
		"If it is not meant to be shared, run: chmod 700 %q", can, dir, mode, dir)
}

// Warning says what is doubtful about the directory; empty where nothing is.
func (s *Store) Warning() string { return s.warning }

// create makes an empty database under another name first, because a process
// killed halfway would otherwise leave a file that looks damaged.
func create(path string) error {
	unfinished := path + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := bbolt.Open(unfinished, 0o600, &bbolt.Options{NoStatistics: true})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// Close waits for running transactions and ends the use of the store.
func (s *Store) Close() error {
	s.inUse.Lock()
	defer s.inUse.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.kept != nil {
		return s.kept.close()
	}
	if s.held == nil {
		return nil
	}
	return errors.Join(s.held.close(), s.lock.Unlock())
}

// Version counts the committed updates of the store, by whatever process.
func (s *Store) Version(ctx context.Context) (version uint64, err error) {
	err = s.transact(ctx, false, "", func(tx *Tx) error {
		version = uint64(tx.root.ID()) //nolint:gosec // a transaction's number is not negative
		return nil
	})
	return version, err
}

// Namespace is one gateway's part of the store, with keys of its own.
func (s *Store) Namespace(name string) *Namespace {
	return &Namespace{store: s, name: name}
}

// Namespace is a part of a store. It needs no closing.
type Namespace struct {
	store *Store
	name  string
}

// View runs fn with a consistent, read-only state. An error of fn is returned
// as it is. Transactions must not be nested.
func (n *Namespace) View(ctx context.Context, fn func(tx *Tx) error) error {
	return n.store.transact(ctx, false, n.name, fn)
}

// Update runs fn alone and keeps what it wrote, or nothing when fn fails. When
// it returns nil the change is on disk. An error of fn is returned as it is.
// Transactions must not be nested.
func (n *Namespace) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return n.store.transact(ctx, true, n.name, fn)
}

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
	if db == nil && keepsOpen && !writable { // to open it to be kept, nobody else may use it
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
	defer func() { // also when fn panics
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

// reuse is the database that was kept open, nil where there is none that can
// be used.
func (s *Store) reuse(writable bool) *database {
	db := s.kept
	s.kept = nil
	if db == nil || db.retake(filepath.Join(s.dir, dataFile), writable) {
		return db
	}
	db.close()
	return nil
}

// acquire waits for the lock file, which keeps processes apart. The database
// has a lock of its own, but who waits for that one polls every 50 ms.
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
		go func() { // the waiting itself cannot be called off
			if <-got == nil {
				_ = lock.Unlock()
			}
		}()
		return nil, ctx.Err()
	}
}

// errUnchanged ends a transaction that wrote nothing without a commit.
var errUnchanged = errors.New("nothing was written")

var errNoDirectory = errors.New("the data directory cannot be made")

// explain adds the directory, and what to do about the common mistakes.
func (s *Store) explain(err error) error {
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("sandbox store: the data directory %q is, or lies below, a file: %w", s.dir, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("sandbox store: the data directory %q is not writable: %w", s.dir, err)
	case errors.Is(err, errNoDirectory):
		return fmt.Errorf("sandbox store in %q: %w", s.dir, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("sandbox store: the data directory %q has lost its files: %w", s.dir, err)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("sandbox store: %w: remove %q to start with an empty sandbox", err, filepath.Join(s.dir, dataFile))
	default:
		return fmt.Errorf("sandbox store in %q: %w", s.dir, err)
	}
}
