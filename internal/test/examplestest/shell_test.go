package examplestest

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// shellScript runs a block in the shell that the page's reader has open: what
// an earlier block exported is set, and where it went is where this one starts.
const shellScript = `
if [ -f "$WALK_SHELL/exported" ]; then . "$WALK_SHELL/exported"; fi
if [ -f "$WALK_SHELL/directory" ]; then cd "$(cat "$WALK_SHELL/directory")"; fi
trap 'export -p >"$WALK_SHELL/exported"; pwd >"$WALK_SHELL/directory"; jobs -p >>"$WALK_SHELL/jobs"' EXIT
set -euo pipefail
`

// shellEnd gives what was started in the background the time to print something.
const shellEnd = `
if [ -n "$(jobs -p)" ]; then
  for attempt in $(seq 100); do
    if [ -s /dev/fd/1 ]; then break; fi
    sleep 0.1
  done
fi
`

var asksForVariable = regexp.MustCompile(`(?m)^var\.\w+$`)

// shell runs a block. Every prompt is answered with yes.
func (f *folder) shell(code string) output {
	f.t.Helper()
	f.stdin = agreeing{}
	out := f.command("bash", "-c", shellScript+code+shellEnd)
	if asksForVariable.MatchString(out.text) {
		f.t.Errorf("a command asks for a variable:\n%s", out.text)
	}
	now, err := os.ReadFile(filepath.Join(f.memory, "directory"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.dir = strings.TrimSpace(string(now))
	f.sandbox.path = filepath.Join(f.dir, ".payinvoice")
	return out
}

// endJobs ends what the page's reader has left running in the background.
func (f *folder) endJobs(t *testing.T) {
	pids, err := os.ReadFile(filepath.Join(f.memory, "jobs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for pid := range strings.FieldsSeq(string(pids)) {
		if number, err := strconv.Atoi(pid); err == nil {
			if process, err := os.FindProcess(number); err == nil {
				_ = process.Kill() // it may have ended
			}
		}
	}
}

// freePort is a TCP port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// agreeing answers every question.
type agreeing struct{}

func (agreeing) Read(p []byte) (int, error) {
	const answer = "yes\n"
	n := 0
	for n+len(answer) <= len(p) {
		n += copy(p[n:], answer)
	}
	return n, nil
}

// repositoryURL is where the README clones from.
const repositoryURL = "https://github.com/payinvoice/terraform-provider-payinvoice"

// freshMachine is the environment of somebody who has just installed Go: an
// empty home folder, and this repository where the pages say that it is.
func freshMachine(t *testing.T) []string {
	t.Helper()
	env := []string{"HOME=" + t.TempDir(), "GIT_CONFIG_COUNT=1", "GIT_CONFIG_VALUE_0=" + repositoryURL}
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "GIT_CONFIG_KEY_0=url."+root+".insteadOf")
	for _, name := range []string{"GOPATH", "GOCACHE", "GOMODCACHE"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	return env
}

// stock is a sandbox with an open invoice at each gateway, and their ids.
var stock struct {
	sync.Mutex

	ids map[string]string
}

// stocked fills an unused sandbox with invoices that the page's reader is
// supposed to have, and returns the id of the one at a gateway.
func (s *sandboxDir) stocked(t *testing.T, gatewayName string) string {
	t.Helper()
	stock.Lock()
	defer stock.Unlock()
	full := &sandboxDir{filepath.Join(temporary, "stock")}
	if stock.ids == nil {
		ids := map[string]string{}
		for _, g := range gatewaytest.Specimens() {
			ids[g.Name] = seed(t, full, g.Name).id
		}
		stock.ids = ids
	}
	if _, err := os.Stat(s.path); err != nil {
		if err := os.CopyFS(s.path, os.DirFS(full.path)); err != nil {
			t.Fatal(err)
		}
	}
	id, known := stock.ids[gatewayName]
	if !known {
		t.Fatalf("there is no gateway %q", gatewayName)
	}
	return id
}

// unanswered is the environment of somebody whose gateway is down.
func unanswered(t *testing.T) []string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>Bad Gateway</html>")
	}))
	t.Cleanup(server.Close)
	return []string{"PAYINVOICE_SANDBOX=", "XPAYS_ENDPOINT=" + server.URL, "XPAYS_API_KEY=key", "XPAYS_SECRET_KEY=secret"}
}
