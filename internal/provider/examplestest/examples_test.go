package examplestest

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repository is the module's root, as seen from this package.
var repository = filepath.Join("..", "..", "..")

// runners run the examples, by folder below examples/.
var runners = map[string]func(*testing.T, *example){
	"provider":         runProvider,
	"resources/*":      runResource,
	"data-sources/*":   runDataSource,
	"actions/*":        runAction,
	"list-resources/*": runListResource,
	"modules/*":        runModuleTests,
	"pipeline":         runPipeline,
	"readme":           runReadme,

	"guides/getting-started":                               runGettingStarted,
	"guides/going-live/*":                                  runGoingLive,
	"guides/canceling-invoices/deletion-policy":            runDeletionPolicy,
	"guides/canceling-invoices/action":                     runAction,
	"guides/canceling-invoices/before-destroy":             runBeforeDestroyGuide,
	"guides/canceling-invoices/forget":                     runForget,
	"guides/ci-and-test-environments/pipeline-run":         runPipelineRun,
	"guides/ci-and-test-environments/standing-environment": runStandingEnvironment,
	"guides/idempotency-and-recovery/adopt":                runAdopt,
	"guides/idempotency-and-recovery/find":                 runListResource,
	"guides/idempotency-and-recovery/import":               runImportGuide,
	"guides/secrets/environment":                           runSecretsInEnvironment,
	"guides/secrets/ephemeral":                             runEphemeralSecrets,
	"guides/switching-gateways":                            runSwitchingGateways,
	"guides/testing-modules":                               runModuleTests,
}

// TestExamples runs every folder below examples/. A folder that no runner
// knows fails, and so does a file that its runner did not use.
func TestExamples(t *testing.T) {
	folders := exampleFolders(t)
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			run := runnerOf(dir)
			if run == nil {
				t.Fatalf("no test runs examples/%s: add it to runners", dir)
			}
			e := &example{dir: dir, files: folders[dir], used: map[string]bool{}}
			run(t, e)
			for _, file := range e.files {
				if !e.used[file] {
					t.Errorf("no test uses examples/%s/%s", dir, file)
				}
			}
		})
	}
}

// TestRunners notices a runner whose examples are gone.
func TestRunners(t *testing.T) {
	folders := exampleFolders(t)
	for pattern := range runners {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(folders)), func(dir string) bool { return matches(pattern, dir) }) {
			t.Errorf("there is no example in examples/%s", pattern)
		}
	}
}

func runnerOf(dir string) func(*testing.T, *example) {
	for pattern, run := range runners {
		if matches(pattern, dir) {
			return run
		}
	}
	return nil
}

func matches(pattern, dir string) bool {
	ok, err := path.Match(pattern, dir)
	return ok && err == nil
}

// exampleFolders are the files of each example by its folder. A folder called
// tests belongs to the one above.
func exampleFolders(t *testing.T) map[string][]string {
	t.Helper()
	folders := map[string][]string{}
	root := os.DirFS(filepath.Join(repository, "examples"))
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".":
			return fs.SkipDir // what Terraform leaves where somebody tried an example
		case entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || path.Ext(file) == ".tfstate":
			return nil
		}
		dir, name := path.Dir(file), path.Base(file)
		if path.Base(dir) == "tests" {
			dir, name = path.Dir(dir), path.Join("tests", name)
		}
		folders[dir] = append(folders[dir], name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// example is one folder below examples/.
type example struct {
	dir   string
	files []string
	used  map[string]bool
}

// read is the content of a file. It counts as used.
func (e *example) read(t *testing.T, name string) string {
	t.Helper()
	e.used[name] = true
	return readFile(t, path.Join("examples", e.dir, name))
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

// matching are the files whose names match a pattern.
func (e *example) matching(pattern string) []string {
	var found []string
	for _, file := range e.files {
		if ok, err := path.Match(pattern, file); ok && err == nil {
			found = append(found, file)
		}
	}
	return found
}

// copyTo adds files to a workspace, all of them if none is named.
func (e *example) copyTo(w *workspace, names ...string) {
	w.t.Helper()
	if len(names) == 0 {
		names = e.files
	}
	for _, name := range names {
		w.write(name, e.read(w.t, name))
	}
}

// gatewayOf is the gateway of a resource, data source or action: the word
// after payinvoice_.
func gatewayOf(dir string) string {
	return strings.Split(path.Base(dir), "_")[1]
}
