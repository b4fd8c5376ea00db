package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// childVariable makes the test binary a writer, as a process of its own.
const childVariable = "PAYINVOICE_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		if err := writeForever(dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever counts in the store and prints each number once it is stored.
func writeForever(dir string) error {
	s, err := Open(dir)
	if err != nil {
		return err
	}
	for {
		var counted uint64
		err := s.Namespace("n").Update(context.Background(), func(tx *Tx) (err error) {
			counted, err = count(tx)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(counted)
	}
}

// count adds one to a counter and leaves a record of it, which shows every
// lost or half-done update.
func count(tx *Tx) (uint64, error) {
	var counted uint64
	if _, err := tx.Get("counter", &counted); err != nil {
		return 0, err
	}
	sequence, err := tx.NextSequence()
	if err != nil {
		return 0, err
	}
	counted++
	if counted != sequence {
		return 0, fmt.Errorf("the counter says %d, the sequence %d", counted, sequence)
	}
	payload := record{Word: strings.Repeat("x", int(counted%5000))}
	return counted, errors.Join(tx.Put("counter", counted), tx.Put(fmt.Sprintf("record/%020d", counted), payload))
}

type child struct {
	command *exec.Cmd
	output  *bufio.Scanner
}

func startChild(t *testing.T, dir string) child {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childVariable+"="+dir)
	command.Stderr = os.Stderr
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return child{command, bufio.NewScanner(pipe)}
}

// next is the next number that the child says is stored.
func (c child) next(t *testing.T) (n uint64, ok bool) {
	t.Helper()
	if !c.output.Scan() {
		return 0, false
	}
	if _, err := fmt.Sscan(c.output.Text(), &n); err != nil {
		t.Fatalf("the child printed %q", c.output.Text())
	}
	return n, true
}

func TestKilledProcessLosesNothing(t *testing.T) {
	dir := t.TempDir()
	for round := range 5 {
		c := startChild(t, dir)
		var answered uint64
		for range 20 + round {
			answered, _ = c.next(t)
		}
		time.Sleep(time.Duration(round) * time.Millisecond)
		if err := c.command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for { // what it said before it died
			n, ok := c.next(t)
			if !ok {
				break
			}
			answered = n
		}
		_ = c.command.Wait()

		s := open(t, dir)
		err := s.Namespace("n").View(t.Context(), func(tx *Tx) error {
			var counter uint64
			if _, err := tx.Get("counter", &counter); err != nil {
				return err
			}
			if counter != answered && counter != answered+1 {
				t.Errorf("answered %d, stored %d", answered, counter)
			}
			records := uint64(0)
			err := tx.Ascend("record/", func(string, []byte) (bool, error) { records++; return true, nil })
			if records != counter {
				t.Errorf("%d records, counter %d", records, counter)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestProcessesShareTheStore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	children := []child{startChild(t, dir), startChild(t, dir)}

	var own, reads int
	var mu sync.Mutex
	var work sync.WaitGroup
	deadline := time.Now().Add(time.Second)
	for range 8 {
		work.Go(func() {
			for time.Now().Before(deadline) {
				err := s.Namespace("n").Update(t.Context(), func(tx *Tx) error { _, err := count(tx); return err })
				if err == nil {
					err = s.Namespace("n").View(t.Context(), func(tx *Tx) error {
						var counter uint64
						_, err := tx.Get("counter", &counter)
						return err
					})
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				own, reads = own+1, reads+1
				mu.Unlock()
			}
		})
	}
	work.Wait()

	theirs := 0
	for i, c := range children {
		_ = c.command.Process.Kill()
		said := 0
		for {
			if _, ok := c.next(t); !ok {
				break
			}
			said++
		}
		_ = c.command.Wait()
		if said < 3 {
			t.Errorf("child %d came to %d updates in a second, this process to %d", i, said, own)
		}
		theirs += said
	}

	var counter int
	err := s.Namespace("n").View(t.Context(), func(tx *Tx) error { _, err := tx.Get("counter", &counter); return err })
	if err != nil {
		t.Fatal(err)
	}
	if counter < own+theirs || counter > own+theirs+len(children) {
		t.Errorf("counted %d, answered %d here and %d there", counter, own, theirs)
	}
	t.Logf("%d updates and %d reads here, %d updates there", own, reads, theirs)
}

func TestTemporaryExcludesOthers(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Temporary())
	waited := make(chan error, 1)
	go func() {
		other, err := Open(dir)
		if err == nil {
			other.Close()
		}
		waited <- err
	}()
	select {
	case err := <-waited:
		t.Fatalf("another store was opened at the same time: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	s.Close()
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

func TestParallelCallers(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		n := s.Namespace("n")
		const callers, rounds = 32, 5
		var work sync.WaitGroup
		for range callers {
			work.Go(func() {
				for range rounds {
					if err := n.Update(t.Context(), func(tx *Tx) error { _, err := count(tx); return err }); err != nil {
						t.Error(err)
					}
				}
			})
			work.Go(func() {
				for range rounds {
					_ = n.View(t.Context(), func(tx *Tx) error {
						var counter, records uint64
						if _, err := tx.Get("counter", &counter); err != nil {
							t.Error(err)
						}
						_ = tx.Ascend("record/", func(string, []byte) (bool, error) { records++; return true, nil })
						if counter != records {
							t.Errorf("a view saw %d counted and %d records", counter, records)
						}
						return nil
					})
				}
			})
		}
		work.Wait()
		var counter uint64
		_ = n.View(t.Context(), func(tx *Tx) error { _, err := tx.Get("counter", &counter); return err })
		if counter != callers*rounds {
			t.Errorf("counted %d of %d", counter, callers*rounds)
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	s := open(b, b.TempDir())
	for b.Loop() {
		put(b, s.Namespace("n"), "k", "x")
	}
}

func BenchmarkView(b *testing.B) {
	s := open(b, b.TempDir())
	for i := range 200 {
		put(b, s.Namespace("n"), fmt.Sprint(i), strings.Repeat("x", 1000))
	}
	for b.Loop() {
		get(b, s.Namespace("n"), "100")
	}
}
