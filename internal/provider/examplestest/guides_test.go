package examplestest

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// runReadme does what the README shows, with just that configuration.
func runReadme(t *testing.T, e *example) {
	if content := e.read(t, "main.tf"); !strings.Contains(readFile(t, "README.md"), "```terraform\n"+content+"```") {
		t.Error("README.md does not show examples/readme/main.tf as it is")
	}
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	w.sandbox = &sandboxDir{filepath.Join(w.dir, ".payinvoice")}
	w.destroy()
}

// runGettingStarted does what the guide asks its reader to do.
func runGettingStarted(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	w.sandbox = &sandboxDir{filepath.Join(w.dir, ".payinvoice")}
	first := w.one()
	if phase := w.outputs()["phase"]; phase != "open" {
		t.Errorf("a new invoice is %v", phase)
	}
	if p := w.plan("-var=amount=25"); !p.empty() {
		t.Errorf("respelling the amount plans %v", p.Changes)
	}
	if p := w.plan("-var=amount=30.00"); !p.replaces(first.address) || !strings.Contains(p.text, "# forces replacement") {
		t.Errorf("another amount plans %v\n%s", p.Changes, p.text)
	}
	w.apply("-var=amount=30.00")
	w.sandbox.expect(t, first, gateway.PhaseCanceled)
	w.destroy()
}

// runGoingLive applies what proves that the credentials are right.
func runGoingLive(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	w.destroy()
}

// runDeletionPolicy destroys three invoices of which two are paid.
func runDeletionPolicy(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	byName := map[string]invoice{}
	for _, i := range w.invoices() {
		byName[strings.TrimPrefix(i.address, "payinvoice_cryptocloud_invoice.")] = i
	}
	w.sandbox.happen(t, byName["order"], simulator.Pay)
	w.sandbox.happen(t, byName["deposit"], simulator.Pay)

	out := w.try("destroy", "-auto-approve")
	if out.code == 0 || !strings.Contains(out.text, "The CryptoCloud invoice cannot be canceled: it is paid") {
		t.Errorf("destroy does not refuse to forget the deposit:\n%s", out.text)
	}
	if !strings.Contains(out.text, "The CryptoCloud invoice was not canceled: it is paid") {
		t.Errorf("destroy does not warn about the order:\n%s", out.text)
	}
	if left := w.invoices(); len(left) != 1 || left[0].id != byName["deposit"].id {
		t.Errorf("the state holds %v, not the deposit alone", left)
	}
	w.sandbox.expect(t, byName["subscription"], gateway.PhaseOpen)
}

// runBeforeDestroyGuide destroys an environment whose invoice the shop made.
func runBeforeDestroyGuide(t *testing.T, e *example) {
	content := e.read(t, "main.tf")
	need(t, actionsAtDestroy)
	w := newWorkspace(t, newSandbox(t))
	w.write("main.tf", content)
	w.init()
	i := seed(t, w.sandbox, "cryptocloud")
	w.apply("-var=invoice_id=" + i.id)
	w.sandbox.expect(t, i, gateway.PhaseOpen)
	w.destroy("-var=invoice_id=" + i.id)
	w.sandbox.expect(t, i, gateway.PhaseCanceled)
}

// runForget removes an invoice from state and leaves it open.
func runForget(t *testing.T, e *example) {
	content := e.read(t, "main.tf")
	need(t, removedBlocks)
	w := newWorkspace(t, newSandbox(t))
	w.write("order.tf", readFile(t, "examples/resources/payinvoice_cryptocloud_invoice/resource.tf"))
	w.init()
	w.apply()
	i := w.one()
	w.write("order.tf", content)
	w.apply()
	if left := w.invoices(); len(left) > 0 {
		t.Errorf("the state still holds %v", left)
	}
	w.sandbox.expect(t, i, gateway.PhaseOpen)
}

// runPipelineRun repeats a run whose state was lost.
func runPipelineRun(t *testing.T, e *example) {
	s := newSandbox(t)
	first := newWorkspace(t, s)
	e.copyTo(first)
	first.init()
	first.apply("-var=run_id=4711")

	again := newWorkspace(t, s)
	e.copyTo(again)
	again.init()
	again.apply("-var=run_id=4711")
	if got, want := again.one().id, first.one().id; got != want {
		t.Errorf("the repeated run has invoice %s, not %s", got, want)
	}
	again.destroy("-var=run_id=4711")
}

// runStandingEnvironment replaces the invoice after it was paid.
func runStandingEnvironment(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	for _, event := range []simulator.Event{simulator.Pay, simulator.Expire, simulator.Cancel} {
		before := w.one()
		w.sandbox.happen(t, before, event)
		if p := w.plan(); !p.replaces(before.address) || !regexp.MustCompile(`phase .*# forces replacement`).MatchString(p.text) {
			t.Errorf("after %s, the plan is %v\n%s", event, p.Changes, p.text)
		}
		if out := w.apply(); strings.Contains(out, "Warning: The Hesabe invoice was not canceled") {
			t.Errorf("after %s, replacing it warns:\n%s", event, out)
		}
		if after := w.one(); after.id == before.id || after.phase != "open" {
			t.Errorf("after %s, the invoice is %v", event, after)
		}
	}
}

// runAdopt takes over an invoice that another state made.
func runAdopt(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	made := newWorkspace(t, w.sandbox)
	made.write("main.tf", strings.Replace(e.read(t, "main.tf"), "adopt_existing = true", "", 1))
	made.init()
	made.apply()

	e.copyTo(w)
	w.init()
	w.apply()
	if got, want := w.one().id, made.one().id; got != want {
		t.Errorf("the state holds %s, not %s", got, want)
	}
	w.destroy()
}

// runImportGuide imports an invoice by a block.
func runImportGuide(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	content := e.read(t, "main.tf")
	need(t, importBlocks)
	_, resource, _ := strings.Cut(content, "resource ")
	made := newWorkspace(t, w.sandbox)
	made.write("main.tf", "resource "+resource)
	made.init()
	made.apply()
	i := made.one()

	w.write("main.tf", withID(t, content, i.id))
	w.init()
	if p := w.plan(); !p.onlyImports(1) {
		t.Errorf("importing does more than that: %v", p.Changes)
	}
	w.apply()
	w.expectTakenOver(i, w.plan())
	w.destroy()
}

const secret = "sk_live_never_written_down"

// runSecretsInEnvironment looks for a secret of the environment in all that
// Terraform writes.
func runSecretsInEnvironment(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.env = append(w.env, "CRYPTOCLOUD_API_KEY="+secret)
	w.init()
	w.plan()
	w.expectNoSecret()
	w.run("apply", planFile)
	w.expectNoSecret()
	w.destroy()
}

// runEphemeralSecrets does the same with a secret in an ephemeral variable.
func runEphemeralSecrets(t *testing.T, e *example) {
	content := e.read(t, "main.tf")
	need(t, ephemeralInputs)
	w := newWorkspace(t, newSandbox(t))
	w.write("main.tf", content)
	w.env = append(w.env, "TF_VAR_meum_api_key="+secret)
	w.init()
	w.plan()
	w.expectNoSecret()
	w.run("apply", planFile)
	w.expectNoSecret()
	w.destroy()
}

// expectNoSecret reads every file of the workspace, and what a plan packs.
func (w *workspace) expectNoSecret() {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(file string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(file)
		if strings.Contains(string(content), secret) {
			w.t.Errorf("%s holds the secret", entry.Name())
		}
		return err
	})
	packed, zipErr := zip.OpenReader(filepath.Join(w.dir, planFile))
	if err := errors.Join(err, zipErr); err != nil {
		w.t.Fatal(err)
	}
	defer packed.Close()
	for _, part := range packed.File {
		r, err := part.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			w.t.Fatal(err)
		}
		if strings.Contains(string(content), secret) {
			w.t.Errorf("the plan's %s holds the secret", part.Name)
		}
	}
}

// runSwitchingGateways moves an order from one gateway to another and back.
func runSwitchingGateways(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	w.apply()
	for _, name := range []string{"cryptocloud", "meum"} {
		before := w.one()
		w.apply("-var=gateway=" + name)
		w.sandbox.expect(t, before, gateway.PhaseCanceled)
		if after := w.one(); after.gateway != name {
			t.Errorf("the invoice is at %s, not at %s", after.gateway, name)
		}
		if phase := w.outputs()["phase"]; phase != "open" {
			t.Errorf("the output phase is %v", phase)
		}
	}
	w.destroy()
}

// runPipeline runs the pipeline's script with a command that succeeds and one
// that fails. The invoice is canceled after both.
func runPipeline(t *testing.T, e *example) {
	workflow, script := e.read(t, "github-workflow.yml"), e.read(t, "with-invoice.sh")
	e.read(t, "main.tf")
	if runtime.GOOS == "windows" {
		t.Skip("the script needs a POSIX shell")
	}
	if strings.Count(workflow, "run: ./with-invoice.sh ") != 2 {
		t.Error("the workflow does not run the script in both of its steps")
	}
	for _, test := range []struct {
		name string
		code int
	}{{"success", 0}, {"failure", 3}} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorkspace(t, newSandbox(t))
			for _, file := range []string{"versions.tf", "variables.tf", "main.tf", "outputs.tf"} {
				w.write("modules/test-environment/"+file, readFile(t, "examples/modules/test-environment/"+file))
			}
			w.write("pipeline/main.tf", e.read(t, "main.tf"))
			w.write("pipeline/with-invoice.sh", script)
			// The script calls it by its usual name.
			if err := os.Symlink(absolute(t, w.cli.program), filepath.Join(w.dir, "terraform")); err != nil {
				t.Fatal(err)
			}
			w.env = append(w.env, "PATH="+w.dir+string(os.PathListSeparator)+os.Getenv("PATH"), "TF_VAR_run_id=4711", "CODE="+string(rune('0'+test.code)))

			w.write("test.sh", "cp pipeline/terraform.tfstate during.tfstate && echo \"page: $CHECKOUT_URL\" && exit $CODE\n")
			out := w.command("bash", "pipeline/with-invoice.sh", "sh", "test.sh")
			if out.code != test.code || !strings.Contains(out.text, "page: https://") {
				t.Errorf("the script ends with code %d, not %d:\n%s", out.code, test.code, out.text)
			}
			during := w.invoicesIn("during.tfstate")
			if len(during) != 1 || during[0].phase != "open" {
				t.Fatalf("the command found %v", during)
			}
			w.sandbox.expect(t, during[0], gateway.PhaseCanceled)
		})
	}
}

func absolute(t *testing.T, program string) string {
	t.Helper()
	found, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
