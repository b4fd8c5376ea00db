package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"syscall"
)

var errNoDirectory = errors.New("the data directory cannot be created")

// exposure reports who besides its owner can read or write the directory; "" if nobody
// can. Windows keeps permissions elsewhere.
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

// explain adds the directory, and what to do about common mistakes.
func (s *Store) explain(err error) error {
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("sandbox store: the data directory %q is, or lies below, a file: %w", s.dir, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("sandbox store: the data directory %q is not writable: %w", s.dir, err)
	case errors.Is(err, errNoDirectory):
		return fmt.Errorf("sandbox store in %q: %w", s.dir, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("sandbox store: the data directory %q is missing its files: %w", s.dir, err)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("sandbox store: %w: remove %q to start with an empty sandbox", err, filepath.Join(s.dir, dataFile))
	default:
		return fmt.Errorf("sandbox store in %q: %w", s.dir, err)
	}
}
