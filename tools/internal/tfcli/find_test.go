package tfcli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// This test program takes the place of go, and of the programs that are found and
// built: those say the version in the variable that their folder has.
const (
	fakeGoLog   = "FAKE_GO_LOG"   // a file with a line for each go command
	fakeFailure = "FAKE_FAILURE"  // the go command that fails, or hang
	fakeVersion = "FAKE_VERSION_" // and the folder; what is built has none
)

func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case os.Getenv(fakeGoLog) == "":
		os.Exit(m.Run())
	case name == gocmd.Exe("go"):
		os.Exit(fakeGo(os.Args[1:]))
	default:
		version, known := os.LookupEnv(fakeVersion + filepath.Base(filepath.Dir(os.Args[0])))
		if !known {
			version = os.Getenv(fakeVersion)
		}
		fmt.Printf("{\"terraform_version\": %q}\n", version)
	}
}

func fakeGo(args []string) int {
	log, err := os.OpenFile(os.Getenv(fakeGoLog), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	fmt.Fprintln(log, args[0])
	switch failure := os.Getenv(fakeFailure); {
	case failure == args[0]:
		fmt.Println(`{"Error": "dial tcp: no such host"}`)
		return 1
	case failure == "hang":
		time.Sleep(time.Minute)
	case args[0] == "mod":
		fmt.Printf("{\"Dir\": %q}\n", filepath.Join(filepath.Dir(log.Name()), "module"))
	case linkTo(args[slices.Index(args, "-o")+1]) != nil:
		return 1
	}
	return 0
}

func linkTo(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return os.Link(self, path)
}

// machine has a go, and a finder with an empty cache.
type machine struct {
	*Finder
	t   *testing.T
	dir string
}

func newMachine(t *testing.T, built, failure string) machine {
	t.Helper()
	m := machine{Finder: &Finder{log: io.Discard}, t: t, dir: t.TempDir()}
	m.cache = filepath.Join(m.dir, "cache")
	t.Setenv("PATH", filepath.Join(m.dir, "path"))
	t.Setenv(PathVariable, "")
	t.Setenv(fakeGoLog, filepath.Join(m.dir, "log"))
	t.Setenv(fakeFailure, failure)
	t.Setenv(fakeVersion, built)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // or each fake lingers for a second
	m.program("path", "go", "")
	m.write("module/go.mod", "module github.com/hashicorp/terraform\n")
	return m
}

// program puts a program into a folder; one without a version does not work.
func (m machine) program(folder, name, version string) string {
	m.t.Helper()
	m.t.Setenv(fakeVersion+folder, version)
	path := filepath.Join(m.dir, folder, gocmd.Exe(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := linkTo(path); err != nil {
		m.t.Fatal(err)
	}
	return path
}

func (m machine) write(name, content string) {
	m.t.Helper()
	path := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// ran are the go commands that ran.
func (m machine) ran() []string {
	commands, _ := os.ReadFile(filepath.Join(m.dir, "log"))
	return strings.Fields(string(commands))
}

func TestFind(t *testing.T) {
	const none, broken = "", "broken"
	for name, test := range map[string]struct {
		named, onPath string // their versions
		product       Product
		min, exactly  string
		want          string // the folder, with the version of what is built
		wantErr       string
	}{
		"named":                    {named: "1.14.8", onPath: "1.16.0", min: "1.14", want: "named"},
		"named, too old":           {named: "1.11.4", onPath: "1.16.0", min: "1.14", wantErr: "is version 1.11.4, and 1.14 or later is needed"},
		"named, broken":            {named: broken, onPath: "1.16.0", min: "1.14", wantErr: `TF_ACC_TERRAFORM_PATH: `},
		"on PATH":                  {onPath: "1.14.0", min: "1.14", want: "path"},
		"newer pre-release":        {onPath: "1.15.0-rc1", min: "1.14", want: "path"},
		"pre-release of the least": {onPath: "1.14.0-rc1", min: "1.14", want: "terraform-1.16.0"},
		"too old on PATH":          {onPath: "1.9.8", min: "1.14", want: "terraform-1.16.0"},
		"broken on PATH":           {onPath: broken, min: "1.5", want: "terraform-1.16.0"},
		"nothing there":            {onPath: none, min: "1.5", want: "terraform-1.16.0"},
		"another product":          {onPath: "1.16.0", product: OpenTofu, min: "1.8", want: "tofu-1.12.6"},
		"newer than the pinned":    {min: "1.99", wantErr: "the newest that is built here is 1.16.0"},
		"no version":               {min: "new", wantErr: `"new" is not a version`},
		"exactly, on PATH":         {named: "1.14.8", onPath: "1.11.4", exactly: "1.11.4", want: "path"},
		"exactly, not on PATH":     {named: "1.14.8", onPath: "1.11.4", exactly: "1.14.8", want: "terraform-1.14.8"},
		"not one version":          {exactly: "1.14", wantErr: `"1.14" is not a whole version`},
		"a path":                   {exactly: "1.14.8/../..", wantErr: "is not a whole version"},
	} {
		t.Run(name, func(t *testing.T) {
			_, version, _ := strings.Cut(test.want, "-")
			m := newMachine(t, version, "")
			if test.named != none {
				t.Setenv(PathVariable, m.program("named", "terraform", test.named))
			}
			if test.onPath != none {
				m.program("path", "terraform", test.onPath)
			}
			if test.product == (Product{}) {
				test.product = Terraform
			}
			find := m.AtLeast
			if test.exactly != "" {
				find = m.Exactly
			}
			got, err := find(t.Context(), test.product, cmp.Or(test.min, test.exactly))
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Errorf("%s, %v; want an error with %q", got, err, test.wantErr)
				}
			} else if err != nil || filepath.Base(filepath.Dir(got)) != test.want || !filepath.IsAbs(got) {
				t.Errorf("%s, %v; want one in %s", got, err, test.want)
			}
		})
	}
}

func TestCleanEnv(t *testing.T) {
	kept := []string{"PATH=/bin", "HOME=/home/me", "GOFLAGS=-v", "MEUMX=kept"}
	got, err := cleanEnv(append([]string{
		"TF_LOG=trace", "TOFU_LOG=trace", "TF_CLI_ARGS_plan=-destroy", "TF_CLI_CONFIG_FILE=/home/me/.terraformrc",
		"TF_VAR_data_dir=/elsewhere", "TF_ACC=1", "CHECKPOINT_DISABLE=0",
		"CRYPTOCLOUD_API_KEY=k", "HESABE_PASSWORD=p", "XPAYS_SECRET_KEY=s", "MEUM_API_KEY=k", "PAYINVOICE_SANDBOX=/real",
	}, kept...))
	if err != nil || !slices.Equal(got, kept) {
		t.Errorf("%q, %v; want %q", got, err, kept)
	}
}
