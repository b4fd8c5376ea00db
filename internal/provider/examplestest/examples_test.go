package examplestest

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
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
}

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
		inUnshown := slices.ContainsFunc(slices.Collect(maps.Keys(unshown)), func(dir string) bool {
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

// testPipeline runs the pipeline's script with a command that succeeds and one
// that fails. The invoice is canceled after both.
func testPipeline(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the script needs a POSIX shell")
	}
	if strings.Count(readFile(t, "examples/pipeline/github-workflow.yml"), "run: ./with-invoice.sh ") != 2 {
		t.Error("the workflow does not run the script in both of its steps")
	}
	for name, code := range map[string]int{"success": 0, "failure": 3} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, newSandbox(t))
			for _, file := range exampleFiles(t) {
				if strings.HasPrefix(file, "modules/") || strings.HasPrefix(file, "pipeline/") {
					w.write(file, readFile(t, "examples/"+file))
				}
			}
			w.env = append(w.env, "TF_VAR_run_id=4711", "CODE="+string(rune('0'+code)))
			w.write("test.sh", "cp pipeline/terraform.tfstate during.tfstate && echo \"page: $CHECKOUT_URL\" && exit $CODE\n")
			out := w.command("bash", "pipeline/with-invoice.sh", "sh", "test.sh")
			if out.code != code || !strings.Contains(out.text, "page: https://") {
				t.Errorf("the script ends with code %d, not %d:\n%s", out.code, code, out.text)
			}
			during := w.invoicesIn("during.tfstate")
			if len(during) != 1 || during[0].phase != "open" {
				t.Fatalf("the command found %v", during)
			}
			w.sandbox.expect(t, during[0], gateway.PhaseCanceled)
		})
	}
}
