package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tree is the content of files by slash-separated path.
type tree map[string][]byte

// readTree reads the folders of root that exist, without what Terraform leaves
// where someone tried an example.
func readTree(root string, folders []string) (tree, error) {
	files := make(tree)
	source := os.DirFS(root)
	for _, folder := range folders {
		err := fs.WalkDir(source, folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && path == folder:
				return nil
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == ".terraform":
				return fs.SkipDir
			case entry.IsDir():
				return nil
			}
			files[path], err = fs.ReadFile(source, path)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// writeTree writes all files below root, and the folders of read even if they
// hold none.
func writeTree(root string, files tree) error {
	for _, folder := range read {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			return err
		}
	}
	for path, content := range files {
		if err := writeFile(root, path, content); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(root, path string, content []byte) error {
	file := filepath.Join(root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

// change is a file that generating adds, changes or removes.
type change struct {
	path    string
	verb    string
	content []byte // nil where it is removed
}

func (c change) String() string { return fmt.Sprintf("%-8s %s", c.verb, c.path) }

// compare returns the changes from before to after, ordered by path.
func compare(before, after tree) []change {
	var changes []change
	for path, content := range after {
		switch old, ok := before[path]; {
		case !ok:
			changes = append(changes, change{path, "added", content})
		case !bytes.Equal(old, content):
			changes = append(changes, change{path, "changed", content})
		}
	}
	for path := range maps.Keys(before) {
		if _, ok := after[path]; !ok {
			changes = append(changes, change{path, "removed", nil})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return strings.Compare(a.path, b.path) })
	return changes
}

// apply makes the changes below root.
func apply(root string, changes []change) error {
	for _, c := range changes {
		if c.verb == "removed" {
			if err := os.Remove(filepath.Join(root, filepath.FromSlash(c.path))); err != nil {
				return err
			}
			continue
		}
		if err := writeFile(root, c.path, c.content); err != nil {
			return err
		}
	}
	return nil
}
