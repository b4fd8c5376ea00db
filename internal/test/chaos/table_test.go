package chaos

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tally counts the trials and what went wrong.
type tally struct {
	// tried is how many faults were tried, each with all the commands after it.
	tried int
	// duplicates are invoices beyond one that are open for one resource.
	duplicates int
	// orphans are open invoices that are neither in state nor named in an
	// error or a warning.
	orphans int
	// removals are invoices that left the state while they exist: without a
	// destroy, or by one that left them open.
	removals int
	// unrecovered are fault-free runs that failed.
	unrecovered int
}

func (a tally) plus(b tally) tally {
	return tally{a.tried + b.tried, a.duplicates + b.duplicates, a.orphans + b.orphans, a.removals + b.removals, a.unrecovered + b.unrecovered}
}

// resultTables is a set of tables, one for each gateway, with a row for each operation.
type resultTables struct {
	mu   sync.Mutex
	rows map[string]map[string]tally
}

var tables = &resultTables{rows: map[string]map[string]tally{}}

// add adds to a row. What is not zero fails the test, which says why.
func (b *resultTables) add(t *testing.T, gateway, row string, more tally) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rows[gateway] == nil {
		b.rows[gateway] = map[string]tally{}
	}
	b.rows[gateway][row] = b.rows[gateway][row].plus(more)
	if bad := (tally{tried: more.tried}); more != bad {
		t.Errorf("duplicates: %d, orphans: %d, wrong removals from state: %d, fault-free runs that failed: %d",
			more.duplicates, more.orphans, more.removals, more.unrecovered)
	}
}

// order is that of the rows.
var order = []string{"create", "list", "create, list down", "read", "cancel", "login", "refresh",
	"lag of reads", "lag of lists", ineffectiveCancelName, wrongResponseName, rowSwapped, rowAccount, rowSwitch, rowKill}

// String prints the tables.
func (b *resultTables) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out strings.Builder
	line := func(name string, v ...any) {
		fmt.Fprintf(&out, "  %-22s", name)
		for _, value := range v {
			fmt.Fprintf(&out, "%16v", value)
		}
		out.WriteByte('\n')
	}
	for _, p := range profiles {
		rows := b.rows[p.Name]
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&out, "\n%s\n", p.Name)
		line("faults at", "tried", "duplicates", "orphans", "wrong removals", "failed after")
		var sum tally
		for _, name := range order {
			if row, there := rows[name]; there {
				line(name, row.tried, row.duplicates, row.orphans, row.removals, row.unrecovered)
				sum = sum.plus(row)
			}
		}
		line("all", sum.tried, sum.duplicates, sum.orphans, sum.removals, sum.unrecovered)
		if !p.Finds {
			fmt.Fprintf(&out, "  (%s: this gateway cannot find an invoice by its reference, so there is nothing to adopt.)\n", rowKill)
		}
	}
	return out.String()
}

func TestTable(t *testing.T) {
	b := &resultTables{rows: map[string]map[string]tally{}}
	b.add(t, "meum", "create", tally{tried: 2})
	b.add(t, "meum", rowKill, tally{tried: 3})
	text := b.String()
	if strings.Contains(text, "cryptocloud") || !slices.Contains(strings.Fields(text), "5") {
		t.Errorf("the table:\n%s", text)
	}
}
