package examplestest

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// repository is the module's root, as seen from this package.
var repository = filepath.Join("..", "..", "..")

// unshown are the examples that no page shows whole, and their own tests.
var unshown = map[string]func(*testing.T){
	"modules/test-environment": testModule,
	"pipeline":                 testPipeline,
	"mocks":                    testMocks,
	"policies":                 testPolicies,
}

// inBrowser are the examples that need a browser: tools/story tests them.
var inBrowser = []string{"compose", "workflow"}

// TestExamples runs the examples that TestPages does not, and notices a file
// that neither of the two runs.
func TestExamples(t *testing.T) {
	for dir, test := range unshown {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
	var shown strings.Builder
	for _, content := range documents(t, "README.md", "docs") {
		shown.WriteString(content)
	}
	for _, file := range exampleFiles(t) {
		if path.Base(file) == "page.txt" {
			continue // text of the pages themselves
		}
		inUnshown := slices.ContainsFunc(slices.AppendSeq(slices.Clone(inBrowser), maps.Keys(unshown)), func(dir string) bool {
			return strings.HasPrefix(file, dir+"/")
		})
		if !inUnshown && !strings.Contains(shown.String(), strings.TrimSpace(readFile(t, "examples/"+file))) {
			t.Errorf("no page shows examples/%s, so that no test runs it", file)
		}
	}
}

// exampleFiles are all files below examples/, without what Terraform leaves
// where somebody tried one.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	root := os.DirFS(filepath.Join(repository, "examples"))
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && entry.Name() != "."
		switch {
		case err != nil:
			return err
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case !entry.IsDir() && !hidden && path.Ext(file) != ".tfstate":
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readFile is the content of any file of the repository.
func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// testModule runs a module's own tests.
func testModule(t *testing.T) {
	const dir = "modules/test-environment/"
	w := newWorkspace(t, newSandbox(t))
	runs := 0
	for _, file := range exampleFiles(t) {
		if name, inModule := strings.CutPrefix(file, dir); inModule {
			content := readFile(t, "examples/"+file)
			w.write(name, content)
			runs += strings.Count("\n"+content, "\nrun \"")
		}
	}
	w.run("init")
	if out := w.run("test"); runs == 0 || strings.Count(out, "\"... pass") != runs {
		t.Errorf("not all of %d runs passed:\n%s", runs, out)
	}
}

// testPipeline runs the workflow's step for the sandbox, with a test that
// succeeds and one that fails. The invoice is canceled after both.
func testPipeline(t *testing.T) {
	if runtime.GOOS == "windows" || !installed("curl") {
		t.Skip("the script needs a POSIX shell and curl")
	}
	workflow := readFile(t, "examples/pipeline/github-workflow.yml")
	for name, test := range map[string]struct {
		script, says string
		code         int
	}{
		"success": {readFile(t, "examples/pipeline/checkout-test.sh"), "The payment page opens: http://", 0},
		"failure": {"#!/bin/sh\nexit 3\n", "", 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := &walk{t: t, cli: mustCLI(t), port: freePort(t)}
			f := w.newFolder(t)
			for _, file := range exampleFiles(t) {
				if strings.HasPrefix(file, "modules/") || strings.HasPrefix(file, "pipeline/") {
					f.write("examples/"+file, readFile(t, "examples/"+file))
				}
			}
			f.write("examples/pipeline/checkout-test.sh", test.script)
			f.env = append(f.env, "RUNNER_TEMP="+f.dir, "TF_VAR_run_id=4711", "PAYINVOICE_SANDBOX=http://127.0.0.1:"+w.port)
			dir := f.dir
			f.shell("mkdir -p provider/bin && ln -s " + builtProvider() + " provider/bin/terraform-provider-payinvoice && " +
				"cd examples/pipeline && chmod +x *.sh")
			out := f.shell(strings.ReplaceAll(stepScript(t, workflow, "Test the checkout in the sandbox"), sandboxPort, w.port))
			if out.code != test.code || !strings.Contains(out.text, test.says) {
				t.Errorf("the step ends with code %d, not %d:\n%s", out.code, test.code, out.text)
			}
			match := regexp.MustCompile(`Creation complete after \S+ \[id=(\S+)\]`).FindStringSubmatch(out.text)
			if match == nil {
				t.Fatalf("no invoice was created:\n%s", out.text)
			}
			(&sandboxDir{filepath.Join(dir, "payinvoice")}).expect(t, invoice{gateway: "meum", id: match[1]}, gateway.PhaseCanceled)
		})
	}
}

// stepScript returns the script of a step of a workflow.
func stepScript(t *testing.T, workflow, name string) string {
	t.Helper()
	_, step, _ := strings.Cut(workflow, "- name: "+name+"\n")
	_, script, found := strings.Cut(step, "run: |\n")
	script, _, ends := strings.Cut(script, "working-directory: examples/pipeline\n")
	if !found || !ends {
		t.Fatalf("the workflow has no step %q", name)
	}
	return script
}
