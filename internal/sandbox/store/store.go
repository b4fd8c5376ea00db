// Package store stores the sandbox's records on disk.
// A store is one directory with one database file. Processes share it: a transaction
// locks the file, does its work and unlocks it again, so two Terraform commands on one
// directory take turns instead of excluding each other. A committed update survives the
// death of the process.
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
	"time"

	"github.com/gofrs/flock"
	"go.etcd.io/bbolt"
)

const (
	dataFile = "payinvoice-sandbox.db"
	lockFile = "payinvoice-sandbox.lock"

	// openTimeout limits the wait for another process while opening. A transaction
	// takes milliseconds, so a longer wait is for a suspended process.
	openTimeout = 10 * time.Second
)

var (
	// ErrClosed means that the store was used after Close.
	ErrClosed = errors.New("the store is closed")

	// ErrDamaged means that the database file cannot be read.
	ErrDamaged = errors.New("the database file is damaged")
)

// Option changes how a store is opened.
type Option func(*Store)

// Temporary is for tests: nothing is synced to disk and the file stays open, so no
// other process or Store can use the directory until Close.
func Temporary() Option {
	return func(s *Store) { s.temporary = true }
}

// Store is a directory of records. It is safe for concurrent use.
type Store struct {
	dir       string
	temporary bool
	warning   string

	turn chan struct{} // one transaction at a time, except in a temporary store

	inUse  sync.RWMutex // read-locked by transactions, write-locked by Close
	closed bool

	kept *database // the database between transactions, unlocked; belongs to the current transaction

	held *database    // a temporary store's open database
	lock *flock.Flock // and its lock
}

// Open creates or opens the store in dir. A new directory gets mode 0700, files get
// 0600; for an existing one see Warning. It waits at most ten seconds for another
// process, and returns ErrDamaged for a database file that cannot be read.
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
	// Opening for writing shows now, rather than in the middle of an apply, that the
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

// Warning reports a questionable directory; "" if there is nothing to report.
func (s *Store) Warning() string { return s.warning }

// create creates an empty database under another name first, because a process killed
// halfway would otherwise leave a file that looks damaged.
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

// Close waits for running transactions and closes the store.
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

// Version counts the committed updates of the store, by any process.
func (s *Store) Version(ctx context.Context) (version uint64, err error) {
	err = s.transact(ctx, false, "", func(tx *Tx) error {
		version = uint64(tx.root.ID()) //nolint:gosec // a transaction's number is not negative
		return nil
	})
	return version, err
}

// Namespace returns one gateway's part of the store, which has its own keys.
func (s *Store) Namespace(name string) *Namespace {
	return &Namespace{store: s, name: name}
}

// Namespace is a part of a store. It does not have to be closed.
type Namespace struct {
	store *Store
	name  string
}

// View calls fn with a consistent, read-only state. An error of fn is returned
// unchanged. Transactions must not be nested.
func (n *Namespace) View(ctx context.Context, fn func(tx *Tx) error) error {
	return n.store.transact(ctx, false, n.name, fn)
}

// Update calls fn with exclusive access, and keeps its writes unless it fails. When it
// returns nil, the change is on disk. An error of fn is returned unchanged.
// Transactions must not be nested.
func (n *Namespace) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return n.store.transact(ctx, true, n.name, fn)
}
