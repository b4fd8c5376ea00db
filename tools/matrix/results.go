package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// event is a line of "go test -json".
type event struct {
	Action     string
	Package    string
	ImportPath string // in place of Package while it is compiled
	Test       string
	Output     string
	// FailedBuild says that a package failed because this one did not compile,
	// which is reported on its own.
	FailedBuild string
}

// name tells one test of one package from all others; test is empty for the
// package itself.
type name struct{ pkg, test string }

// outcome is what became of a test, and what it said.
type outcome struct {
	action string // pass, fail or skip; empty while it runs
	output strings.Builder
}

// results are the outcomes of one run.
type results struct {
	outcomes map[name]*outcome
}

// readResults reads events to their end.
func readResults(events io.Reader) (*results, error) {
	r := &results{outcomes: map[name]*outcome{}}
	decoder := json.NewDecoder(events)
	for {
		var e event
		err := decoder.Decode(&e)
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return r, fmt.Errorf("reading what go test says: %w", err)
		}
		r.add(e)
	}
}

func (r *results) add(e event) {
	// A package that is compiled for its tests is called "p [p.test]".
	importPath, _, _ := strings.Cut(e.ImportPath, " ")
	n := name{e.Package + importPath, e.Test}
	o := r.outcomes[n]
	if o == nil {
		o = &outcome{}
		r.outcomes[n] = o
	}
	switch e.Action {
	case "output", "build-output":
		o.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.FailedBuild == "" {
			o.action = e.Action
		}
	case "build-fail":
		o.action = "fail"
	}
}

// counts are numbers of tests. One with subtests is counted by them.
type counts struct{ passed, failed, skipped int }

func (c *counts) add(other counts) {
	c.passed += other.passed
	c.failed += other.failed
	c.skipped += other.skipped
}

func (r *results) count() counts {
	var c counts
	failed := r.failures()
	for n, o := range r.outcomes {
		switch {
		case slices.Contains(failed, n):
			c.failed++
		case n.test == "" || r.hasParts(n):
		case o.action == "pass":
			c.passed++
		case o.action == "skip":
			c.skipped++
		}
	}
	return c
}

// hasParts reports whether a package has tests, or a test has subtests.
func (r *results) hasParts(whole name) bool {
	for part := range r.outcomes {
		if isPart(part, whole) {
			return true
		}
	}
	return false
}

func isPart(part, whole name) bool {
	if part.pkg != whole.pkg || part.test == "" {
		return false
	}
	return whole.test == "" && part.test != "" || strings.HasPrefix(part.test, whole.test+"/")
}

// failures are what failed, in order: a test, or one that had not ended when
// everything did. Of a whole, only what failed apart from its parts.
func (r *results) failures() []name {
	var all []name
	for n, o := range r.outcomes {
		if o.action == "fail" || o.action == "" && n.test != "" {
			all = append(all, n)
		}
	}
	failed := slices.DeleteFunc(slices.Clone(all), func(whole name) bool {
		return slices.ContainsFunc(all, func(part name) bool { return isPart(part, whole) })
	})
	return sorted(failed)
}

// cutShort are the packages in which some tests had not ended when everything
// did, because of a panic or a time-out, with those tests. Their own output ends
// in the middle; the package's says why.
func (r *results) cutShort() map[name][]name {
	packages := map[name][]name{}
	for _, n := range r.failures() {
		if r.outcomes[n].action == "" {
			whole := name{pkg: n.pkg}
			packages[whole] = append(packages[whole], n)
		}
	}
	return packages
}

// skips are the skipped tests by the reason that they gave.
func (r *results) skips() map[string][]name {
	reasons := map[string][]name{}
	for _, n := range sorted(slices.Collect(maps.Keys(r.outcomes))) {
		if o := r.outcomes[n]; o.action == "skip" && n.test != "" {
			reason := said(o.output.String())
			reasons[reason] = append(reasons[reason], n)
		}
	}
	return reasons
}

// place is where a test said something.
var place = regexp.MustCompile(`^\w+\.go:\d+: `)

// said is what a test itself has said, without what go test says of it.
func said(output string) string {
	var words []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			words = append(words, place.ReplaceAllString(line, ""))
		}
	}
	if len(words) == 0 {
		return "no reason given"
	}
	return strings.Join(words, " ")
}

func sorted(names []name) []name {
	slices.SortFunc(names, func(a, b name) int {
		if c := strings.Compare(a.pkg, b.pkg); c != 0 {
			return c
		}
		return strings.Compare(a.test, b.test)
	})
	return names
}
