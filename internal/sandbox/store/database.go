package store

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// foreignTimeout limits the wait for a program that opened the database file without
// taking the store's lock first.
const foreignTimeout = 5 * time.Second

// foreignPause is the pause between two tries.
const foreignPause = 50 * time.Millisecond

var errForeign = errors.New("another program keeps the database file open")

// database is an open database file.
type database struct {
	bolt   *bbolt.DB
	file   *os.File
	broken bool // bbolt panicked and may still hold its locks

	// bbolt's in-memory state: how much of the file is mapped, and the transaction
	// whose list of free pages it has.
	size int64
	last int
}

// openDatabase opens an existing database file.
func openDatabase(path string, writable, temporary bool) (*database, error) {
	db := &database{}
	options := &bbolt.Options{
		Timeout:      foreignTimeout,
		ReadOnly:     !writable,
		NoSync:       temporary,
		NoGrowSync:   temporary,
		NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (file *os.File, err error) {
			db.file, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return db.file, err
		},
	}
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrDamaged) // bbolt would create it again
	}
	err := guard(func() (err error) {
		db.bolt, err = bbolt.Open(path, 0o600, options)
		return err
	})
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, errForeign
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if errors.Is(err, ErrDamaged) && db.file != nil {
		db.abandon()
	}
	return nil, err
}

// transact calls work in one transaction, and commits it if work succeeds.
func (db *database) transact(writable bool, work func(*bbolt.Tx) error) error {
	var tx *bbolt.Tx
	err := guard(func() (err error) {
		tx, err = db.bolt.Begin(writable)
		return err
	})
	if err != nil {
		return err
	}
	committed := false
	defer func() { // even if work panics
		if !committed && errors.Is(guard(tx.Rollback), ErrDamaged) {
			db.broken = true
		}
	}()

	// Otherwise the next growth would fill a truncated file with zeros, and the loss
	// would be noticed late.
	info, err := db.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("%w: it has %d of %d bytes", ErrDamaged, info.Size(), tx.Size())
	}

	if err := work(tx); err != nil || !writable {
		return err
	}
	if err := guard(tx.Commit); err != nil {
		db.broken = db.broken || errors.Is(err, ErrDamaged)
		return err
	}
	committed = true
	return nil
}

// release unlocks the file for other processes and keeps it open. After an open or a
// write, its state is known.
func (db *database) release(fresh bool) error {
	defer unlock(db.file)
	if !fresh {
		return nil
	}
	info, err := db.file.Stat()
	if err != nil {
		return err
	}
	db.size = info.Size()
	db.last, err = db.lastTransaction()
	return err
}

// retake locks a released file again, and reports whether it can be used as it is: it
// is still the one at path, all of it is mapped and, for writing, nobody else has
// written to it, because the list of free pages is in memory.
func (db *database) retake(path string, writable bool) bool {
	if err := lock(db.file, writable); err != nil {
		return false
	}
	is, err := os.Stat(path) //nolint:gosec // whoever runs the sandbox chooses its folder
	if err != nil {
		return false
	}
	mine, err := db.file.Stat()
	if err != nil || !os.SameFile(is, mine) || is.Size() != db.size {
		return false
	}
	if !writable {
		return true
	}
	last, err := db.lastTransaction()
	return err == nil && last == db.last
}

func (db *database) lastTransaction() (id int, err error) {
	err = guard(func() error {
		tx, err := db.bolt.Begin(false)
		if err != nil {
			return err
		}
		id = tx.ID()
		return tx.Rollback()
	})
	return id, err
}

func (db *database) close() error {
	if db.broken {
		db.abandon()
		return nil
	}
	return db.bolt.Close()
}

// abandon gives up a file that bbolt can no longer close. The mapping stays and would
// keep the file's lock, so the lock is released first.
func (db *database) abandon() {
	unlock(db.file)
	db.file.Close()
}

// guard converts bbolt's reaction to a broken page, a panic or a memory fault in the
// mapped file, into ErrDamaged.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, broken)
		}
	}()
	return fn()
}
