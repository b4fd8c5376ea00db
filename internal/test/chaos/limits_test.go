package chaos

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

const (
	// growth is how much memory a response may cost the provider.
	growth = 100 << 20
	// growthOfList is the same for a list, which is kept in memory up to its limit.
	growthOfList = 500 << 20
	// promptEnd is how long Terraform may run with an extreme response.
	promptEnd = time.Minute
)

// extremeResponse is a response that exceeds a limit.
type extremeResponse struct {
	name string
	// list says that it is a response to a list, not to a read.
	list  bool
	fault func(p profile) faults.Fault
	// wantError is a part of the error.
	wantError string
	// invoices is how many are read at a time.
	invoices int
}

const hugeSize = 300 << 20

var extremeResponses = []extremeResponse{
	{name: "300 MB, announced", fault: same(faults.Huge(hugeSize, true)), wantError: "larger than", invoices: 10},
	{name: "300 MB", fault: same(faults.Huge(hugeSize, false)), wantError: "larger than", invoices: 10},
	{name: "300 MB in a small gzip", fault: same(faults.GzipBomb(hugeSize)), wantError: "larger than", invoices: 10},
	{name: "deeply nested", fault: same(nested), wantError: "not the documented", invoices: 10},
	{name: "300 MB list", list: true, fault: same(faults.Huge(hugeSize, false)), wantError: "larger than"},
	{name: "deeply nested list", list: true, fault: same(nested), wantError: "not the documented"},
	{name: "a million rows on a page", list: true, fault: func(p profile) faults.Fault { return rows(p, 1_000_000, false) }, wantError: "larger than"},
	{name: "the same page again and again", list: true, fault: func(p profile) faults.Fault { return rows(p, 50, true) }, wantError: "page after page"},
	{name: "pages without end", list: true, fault: func(p profile) faults.Fault { return rows(p, 100, false) }, wantError: "more than"},
}

func same(f faults.Fault) func(profile) faults.Fault { return func(profile) faults.Fault { return f } }

// nested is JSON that is a million levels deep, and still small.
var nested = faults.ReplaceResponse("nested", false, http.StatusOK, "application/json",
	`{"status":"success","result":`+strings.Repeat("[", 1_000_000)+strings.Repeat("]", 1_000_000)+`}`)

// rows is a list without an end, whose pages have this number of rows: always the same
// ones, or new ones each time.
func rows(p profile, number int, repeated bool) faults.Fault {
	var next atomic.Int64
	return faults.RespondWith("rows", func(w http.ResponseWriter, _ *http.Request) {
		first := next.Add(int64(number)) - int64(number)
		if repeated {
			first = 0
		}
		w.Header().Set("Content-Type", "application/json")
		out := bufio.NewWriter(w)
		writePage(out, p.Listing.Page, first, number)
		_ = out.Flush()
	})
}

// writePage writes a page of a list in the gateway's own form.
func writePage(out io.Writer, page gatewaytest.Page, first int64, number int) {
	io.WriteString(out, page.Beginning)
	for i := range int64(number) {
		if i > 0 {
			io.WriteString(out, ",")
		}
		fmt.Fprintf(out, page.Row, first+i+1)
	}
	io.WriteString(out, strings.ReplaceAll(page.End, "NEXT", strconv.FormatInt(first+int64(number), 10)))
}

// TestLimits sends the provider extreme responses: each ends in a clear error, soon,
// and without much memory.
func TestLimits(t *testing.T) {
	for _, p := range profiles {
		for _, e := range extremeResponses {
			if e.list && !p.Finds || !full && !e.sampled(p) {
				continue
			}
			t.Run(p.Name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				e.test(t, p)
			})
		}
	}
}

// sampled chooses an extreme response of each kind.
func (e extremeResponse) sampled(p profile) bool {
	switch e.name {
	case "300 MB", "300 MB in a small gzip":
		return p.Listing == nil
	case "the same page again and again", "pages without end":
		return true
	default:
		return p.Name == profiles[len(profiles)-1].Name
	}
}

func (e extremeResponse) test(t *testing.T, p profile) {
	t.Helper()
	s := newEnv(t, p)
	served := serveProvider(t, s.environment(s.URL(p.Name)))
	w := s.workspace(t, e.config(p), "TF_REATTACH_PROVIDERS="+served.reattach)
	operation := faults.List
	if !e.list {
		operation = faults.Read
		w.apply().succeeds(t)
	} else {
		w.run("plan", "-json", "-input=false").succeeds(t)
	}
	idle := served.memory(t, "VmRSS")
	served.resetPeak(t)
	s.faults.Arm(faults.Rule{Operation: faults.Of(p.Name, operation), Fault: e.fault(p)})
	o := w.run("plan", "-json", "-input=false")
	if s.faults.Injected() == 0 {
		t.Fatalf("nothing met the fault:\n%s", o)
	}
	if !o.failed || !o.says("error", e.wantError) {
		t.Errorf("there should be an error that says %q, but:\n%.2000s", e.wantError, o)
	}
	if o.took > promptEnd {
		t.Errorf("took %s", o.took)
	}
	peak := served.memory(t, "VmHWM")
	t.Logf("%s, %d requests; idle %d MB, grown by %d MB", o.took.Round(10*time.Millisecond), s.faults.Injected(), idle>>20, (peak-idle)>>20)
	if peak-idle > e.growth() {
		t.Errorf("the provider has grown from %d to %d MB", idle>>20, peak>>20)
	}
}

func (e extremeResponse) growth() int64 {
	if e.list {
		return growthOfList
	}
	return growth
}

// listDataSource is a data source of everything that the gateway has.
func (p profile) listDataSource() string {
	var lines string
	for name, value := range p.Listing.WholeRange() {
		lines += fmt.Sprintf("  %s = %s\n", name, value)
	}
	return fmt.Sprintf("data \"payinvoice_%s_invoices\" \"all\" {\n%s}\n", p.Name, lines)
}

func (e extremeResponse) config(p profile) string {
	if e.list {
		return provider(10*time.Second, 1) + p.listDataSource()
	}
	return provider(10*time.Second, 1) + p.resource(fmt.Sprintf("count = %d", e.invoices), p.Reference+` = "order-${count.index}"`)
}

// served is a provider that outlives the commands of Terraform.
type served struct {
	pid      int
	reattach string
}

var attachment = regexp.MustCompile(`TF_REATTACH_PROVIDERS='([^']+)'`)

// serveProvider starts the provider as a debugger would, until the test ends.
func serveProvider(t *testing.T, variables []string) *served {
	t.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("there is no /proc here to read the provider's memory from")
	}
	if raceDetector {
		t.Skip("the race detector's memory would be measured")
	}
	cmd := exec.Command(mustTools(t).provider, "-debug")
	cmd.Env = append(append(cleanEnvironment(), "TMPDIR="+temporary), variables...)
	setProcessGroup(cmd)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commands.add(cmd)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		commands.remove(cmd)
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := attachment.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return &served{pid: cmd.Process.Pid, reattach: found[1]}
		}
	}
	t.Fatal("the provider does not say how to attach")
	return nil
}

// memory is a line of the process's status, in bytes: VmRSS is what it has,
// VmHWM the most that it had.
func (s *served) memory(t *testing.T, line string) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(text, line+":"); found {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Fatalf("%s is missing in:\n%s", line, bytes.TrimSpace(status))
	return 0
}

// resetPeak makes VmHWM start anew.
func (s *served) resetPeak(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.pid), []byte("5"), 0o200); err != nil {
		t.Skipf("the peak of memory cannot be measured here: %v", err)
	}
}
