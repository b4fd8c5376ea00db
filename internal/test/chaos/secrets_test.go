package chaos

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// TestSecrets runs the whole life of an invoice at every gateway, with faults
// that quote the request, log in again and crash the provider, all with
// TF_LOG=TRACE, and looks for secrets in everything that was written.
//
// Signatures and ciphertext are not secret: they reveal nothing about the keys.
// References, amounts and ids belong in the state and the logs.
func TestSecrets(t *testing.T) {
	for _, p := range sample("secrets", profiles, 1) {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			newSecretsTest(t, p).run()
		})
	}
}

// secretsTest is the life of an invoice, with everything that is written.
type secretsTest struct {
	t        *testing.T
	env      *env
	canaries *canaries
	w        *workspace
	// output is the standard output and error of the commands.
	output bytes.Buffer
}

func newSecretsTest(t *testing.T, p profile) *secretsTest {
	t.Helper()
	q := &secretsTest{t: t, env: newEnv(t, p), canaries: newCanaries(p)}
	// Between the faults and the gateway, so that faults quote canaries.
	q.env.Reset()
	q.env.Intercept(q.env.ledger.record)
	q.env.Intercept(q.canaries.middleware)
	q.env.Intercept(q.env.faults.Wrap)
	q.w = newWorkspace(t, q.config(), q.canaries.environment(q.env.URL(p.Name))...)
	q.w.env = append(q.w.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(q.w.dir, traceLog))
	return q
}

func (q *secretsTest) config(lines ...string) string {
	return provider(time.Second, 1) + q.env.resource(append(lines, q.env.referenceArgument(reference),
		`timeouts = { create = "15s", read = "6s", delete = "10s" }`)...)
}

func (q *secretsTest) run() {
	q.t.Helper()
	q.life()
	q.refusedCredentials()
	q.crash()
	q.search()
}

// command runs a command and records its output.
func (q *secretsTest) command(name string, arguments ...string) outcome {
	q.t.Helper()
	o := q.w.run(name, arguments...)
	q.output.WriteString(o.stdout + o.stderr)
	return o
}

// withFault runs a command with a fault at an operation.
func (q *secretsTest) withFault(operation string, fault faults.Fault, times int, name string, arguments ...string) outcome {
	q.t.Helper()
	q.env.faults.Arm(faults.Rule{Operation: faults.Of(q.env.Name, operation), Fault: fault, Times: times})
	defer q.env.faults.Disarm()
	injected := q.env.faults.Injected()
	o := q.command(name, arguments...)
	if q.env.faults.Injected() == injected {
		q.t.Errorf("terraform %s: %s was not injected", name, fault)
	}
	return o
}

// life goes through everything that a gateway can do, with responses that quote
// the request: to a create, a read and a cancel.
func (q *secretsTest) life() {
	q.t.Helper()
	echo, echoOK, redirect := faults.Echo(400), faults.Echo(200), faults.Redirect(q.env.honeypot.URL(), false)
	q.withFault(faults.Create, echo, 0, "apply", "-auto-approve", "-no-color")
	q.withFault(faults.Create, redirect, 0, "apply", "-auto-approve", "-no-color")
	if q.env.profile.Requests.Login != "" {
		q.withFault(faults.Login, faults.Echo(401), 0, "apply", "-auto-approve", "-no-color")
		q.withFault(faults.Login, echoOK, 0, "apply", "-auto-approve", "-no-color")
		q.withFault(faults.Login, faults.Truncated, 0, "apply", "-auto-approve", "-no-color")
	}
	q.command("apply", "-auto-approve", "-no-color").succeeds(q.t)
	q.withFault(faults.Read, echo, 0, "plan", "-no-color")
	q.withFault(faults.Read, echoOK, 0, "plan", "-no-color", "-json")
	q.withFault(faults.Read, faults.Truncated, 0, "plan", "-no-color")
	q.withFault(faults.Read, faults.ReplaceResponse("401", false, 401, "text/html", "no"), 2, "plan", "-no-color")
	q.command("plan", "-no-color", "-out=plan.bin").succeeds(q.t)
	q.command("show", "-json", "plan.bin").succeeds(q.t)
	q.command("show", "-json").succeeds(q.t)
	q.command("output", "-json")
	q.command("providers", "schema", "-json").succeeds(q.t)
	q.withFault(faults.Cancel, echo, 0, "destroy", "-auto-approve", "-no-color")
	q.command("destroy", "-auto-approve", "-no-color").succeeds(q.t)
}

// refusedCredentials provokes the errors of the gateway and the provider about wrong ones.
func (q *secretsTest) refusedCredentials() {
	q.t.Helper()
	good := slices.Clone(q.w.env)
	for _, name := range q.env.Secrets {
		value := q.canaries.secrets()[name]
		wrong := strings.Replace(value, value[3:5], "zZ", 1)
		q.canaries.learn(wrong) // it must not leak either
		q.w.env = append(slices.Clone(good), q.env.Variable(name)+"="+wrong)
		if o := q.command("apply", "-auto-approve", "-no-color"); !o.failed {
			q.t.Errorf("a wrong %s is accepted", name)
		}
		// An error about an unusable value does not quote it.
		q.w.env = append(slices.Clone(good), variable(q.env.Name, name, value+"\n"+value))
		q.command("apply", "-auto-approve", "-no-color")
	}
	q.w.env = good
	if len(q.w.ids()) > 0 { // where a line break is cut off
		q.command("destroy", "-auto-approve", "-no-color").succeeds(q.t)
	}
}

// crash ends the provider with a dump of its goroutines.
func (q *secretsTest) crash() {
	if !hasProcessGroups {
		return
	}
	q.t.Helper()
	q.env.faults.Arm(faults.Rule{Operation: faults.Of(q.env.Name, faults.Create), Fault: faults.HangBefore})
	defer q.env.faults.Disarm()
	struck := q.env.faults.Injected()
	running := q.w.startApply()
	ctx, cancel := context.WithTimeout(q.t.Context(), time.Minute)
	defer cancel()
	if err := q.env.faults.Await(ctx, struck+1); err != nil {
		q.t.Errorf("the create that should crash did not arrive: %v", err)
	}
	if err := signalProcess(q.providerProcess(), dump); err != nil {
		q.t.Fatal(err)
	}
	o := running.wait()
	q.output.WriteString(o.stdout + o.stderr)
	log, err := os.ReadFile(filepath.Join(q.w.dir, traceLog))
	if err != nil || !bytes.Contains(log, []byte("SIGQUIT")) || !bytes.Contains(log, []byte("internal/clients/transport")) {
		q.t.Errorf("no dump of the provider in the log (%v):\n%s", err, o)
	}
}

var startedProvider = regexp.MustCompile(`plugin started: path=\S*terraform-provider-payinvoice pid=(\d+)`)

// providerProcess is the provider that Terraform started last, as its log says.
func (q *secretsTest) providerProcess() int {
	q.t.Helper()
	log, err := os.ReadFile(filepath.Join(q.w.dir, traceLog))
	if err != nil {
		q.t.Fatal(err)
	}
	started := startedProvider.FindAllSubmatch(log, -1)
	if len(started) == 0 {
		q.t.Fatal("the log does not name the process of a provider")
	}
	pid, err := strconv.Atoi(string(started[len(started)-1][1]))
	if err != nil {
		q.t.Fatal(err)
	}
	return pid
}

const traceLog = "trace.log"

// search looks for every secret, in every form, in all that was written.
func (q *secretsTest) search() {
	q.t.Helper()
	written := q.written()
	if log := written[traceLog]; !bytes.Contains(log, []byte("from the gateway")) || !bytes.Contains(log, []byte("[TRACE]")) {
		q.t.Errorf("the log of %d bytes does not hold what the provider logs", len(log))
	}
	secrets := append(valuesOf(q.canaries.secrets()), q.canaries.learned()...)
	if q.env.profile.Requests.Login != "" && len(secrets) < 10 {
		q.t.Errorf("only %d secrets and tokens are known", len(secrets))
	}
	for place, content := range written {
		for _, secret := range secrets {
			for form, text := range forms(secret) {
				if at := bytes.Index(content, []byte(text)); at >= 0 {
					from, to := max(0, at-200), min(len(content), at+len(text)+100)
					q.t.Errorf("%s holds a secret, %s:\n…%s…", place, form, content[from:to])
				}
			}
		}
	}
	q.t.Logf("%d secrets and tokens, %d places, %d bytes", len(secrets), len(written), size(written))
}

func valuesOf(m map[string]string) []string {
	var values []string
	for _, v := range m {
		values = append(values, v)
	}
	return values
}

func size(written map[string][]byte) int {
	total := 0
	for _, content := range written {
		total += len(content)
	}
	return total
}

// written returns all files of the workspace, those in the plan's archive too, and the
// output of the commands.
func (q *secretsTest) written() map[string][]byte {
	q.t.Helper()
	places := map[string][]byte{"standard output and error": q.output.Bytes()}
	err := filepath.WalkDir(q.w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		places[filepath.Base(path)] = content
		return err
	})
	if err != nil {
		q.t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(places["plan.bin"]), int64(len(places["plan.bin"])))
	if err != nil {
		q.t.Fatalf("the plan: %v", err)
	}
	for _, file := range archive.File {
		content, err := fs.ReadFile(archive, file.Name)
		if err != nil && err != io.EOF {
			q.t.Fatal(err)
		}
		places["plan.bin/"+file.Name] = content
	}
	return places
}
