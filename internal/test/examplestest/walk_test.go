package examplestest

import (
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// TestPages does what every page tells its readers to do: it writes each file
// and runs each command as printed, in the order of the page, in folders that
// are empty before, and compares what the page says is printed.
func TestPages(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the pages' commands need a POSIX shell")
	}
	all := &tally{unrun: map[string][]string{}}
	t.Cleanup(func() { all.report(t) })
	pages := documents(t, "README.md", "docs")
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := parsePage(pages[name])
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(p.blocks, func(b block) bool { return b.isFile() && !b.marks.kept }) {
				t.Error("the page shows no example")
			}
			(&walk{t: t, page: p, cli: mustCLI(t), port: freePort(t), all: all}).run(t)
		})
	}
}

// sandboxPort is where the pages' sandbox server listens. Several pages are
// walked at the same time, each with a port of its own.
const sandboxPort = "4480"

// walk is one page on its way.
type walk struct {
	t    *testing.T // of the page; each block has its own
	page page
	cli  *cli
	kept map[string]string // files of every folder
	port string            // of the page's sandbox server
	all  *tally
	at   *folder
}

// tally counts the blocks of all pages by result.
type tally struct {
	sync.Mutex

	ran   int
	unrun map[string][]string // the names of their tests by the reason
}

func (a *tally) add(name, why string) {
	a.Lock()
	defer a.Unlock()
	if why == "" {
		a.ran++
	} else {
		a.unrun[why] = append(a.unrun[why], name)
	}
}

func (a *tally) report(t *testing.T) {
	t.Logf("%d blocks ran", a.ran)
	for _, why := range slices.Sorted(maps.Keys(a.unrun)) {
		names := slices.Sorted(slices.Values(a.unrun[why]))
		t.Logf("%d did not run (%s):\n\t%s", len(names), why, strings.Join(names, "\n\t"))
	}
}

// folder is the folder of a page.
type folder struct {
	*workspace
	memory  string            // where its shell is kept between commands
	shown   bool              // it has a configuration of its own
	hasMain bool              // main.tf is written
	ran     bool              // a command of the page ran there
	screen  string            // what the last command printed
	stopped string            // why nothing more can be run there
	silent  string            // why the last command was not run
	ids     map[string]string // invoices' ids by what is printed for them
}

func (w *walk) run(t *testing.T) {
	w.kept = map[string]string{}
	for _, b := range w.page.blocks {
		if !w.entered(t, b) {
			return
		}
		ok := t.Run(b.name(), func(t *testing.T) {
			why := w.hindrance(b)
			w.all.add(strings.TrimPrefix(t.Name(), "TestPages/"), why)
			if why != "" {
				t.Skip(why)
			}
			w.do(t, b)
		})
		if !ok {
			return
		}
	}
	w.leave(t)
}

// hindrance is why a block cannot be run, or "". Without a file, the rest of its
// folder cannot be run, and without a command, what it prints is not compared.
func (w *walk) hindrance(b block) string {
	f := w.at
	why := b.marks.lacks(w.cli)
	if why == "" {
		why = f.stopped
	}
	switch {
	case b.isShell():
		f.silent = why
	case b.isOutput() && why == "":
		why = f.silent
	case b.isFile() && b.marks.skip == "":
		f.stopped = why
	}
	return why
}

// entered opens the folder that a block is for, unless it is open.
func (w *walk) entered(t *testing.T, b block) bool {
	opens := b.isFile() && (b.marks.begins || b.file == "main.tf" && !b.marks.adds && w.at != nil && (w.at.hasMain || w.at.ran))
	if w.at != nil && !opens {
		return true
	}
	if w.at != nil && !w.leave(t) {
		return false
	}
	w.at = w.newFolder(t)
	for name, content := range w.kept {
		w.at.write(name, content)
	}
	return true
}

// newFolder is an empty folder and the environment of a reader who has no
// account, and the provider where init finds it.
func (w *walk) newFolder(t *testing.T) *folder {
	dir := t.TempDir()
	f := &folder{
		workspace: &workspace{t: t, cli: w.cli, dir: dir, sandbox: &sandboxDir{filepath.Join(dir, ".payinvoice")}},
		memory:    t.TempDir(),
		ids:       map[string]string{},
	}
	t.Cleanup(func() { f.endJobs(t) })
	f.env = append(cleanEnv(), "WALK_SHELL="+f.memory)
	if w.page.marks.account {
		f.env = append(f.env, "PAYINVOICE_SANDBOX="+f.sandbox.path)
	}
	if w.page.marks.installs {
		f.env = append(f.env, freshMachine(t)...)
	} else {
		f.env = append(f.env, "TF_CLI_CONFIG_FILE="+w.cli.configFile)
	}
	return f
}

// do writes a file, runs a command or compares what one printed.
func (w *walk) do(t *testing.T, b block) {
	f := w.at
	f.workspace = f.of(t)
	w.prepare(t, b.marks)
	code := b.code
	for printed, id := range f.ids {
		code = strings.ReplaceAll(code, printed, id)
	}
	code = strings.ReplaceAll(code, sandboxPort, w.port)
	switch {
	case b.isOutput() && !f.ran:
		t.Error("no command is before the output")
	case b.isOutput():
		if part := missing(b.code, f.screen, f.ids); part != "" {
			t.Errorf("the command before did not print\n%s\nbut\n%s", part, f.screen)
		}
	case b.isShell():
		out := f.shell(code)
		f.ran, f.screen = true, out.text
		if failed := out.code != 0; failed != b.marks.fails {
			t.Errorf("exit code %d of\n%s\n%s", out.code, code, out.text)
		}
	default:
		f.write(b.file, code)
		f.hasMain = f.hasMain || b.file == "main.tf"
		f.shown = f.shown || !b.marks.kept && path.Ext(b.file) == ".tf"
		if b.marks.kept {
			w.kept[b.file] = b.code
		}
	}
}

// prepare does what is supposed to happen before a block.
func (w *walk) prepare(t *testing.T, m marks) {
	f := w.at
	if gatewayName, id, known := strings.Cut(m.invoice, ":"); known {
		f.ids[id] = f.sandbox.stocked(t, gatewayName)
	}
	if m.unanswered {
		f.env = append(f.env, unanswered(w.t)...)
	}
	if m.event != "" {
		for _, i := range f.invoices() {
			f.sandbox.happen(t, i, simulator.Event(m.event))
		}
	}
}

// leave applies and destroys a configuration for which the page has no command,
// as a reader would who tries it.
func (w *walk) leave(t *testing.T) bool {
	f := w.at
	if f == nil || f.ran || !f.shown || f.stopped != "" {
		return true
	}
	return t.Run("applied_and_destroyed", func(t *testing.T) {
		ws := f.of(t)
		ws.env = append(ws.env, "TF_INPUT=0")
		ws.run("init")
		ws.apply()
		for name, value := range ws.outputs() {
			if value == "" {
				t.Errorf("the output %s is empty", name)
			}
		}
		ws.destroy()
	})
}
