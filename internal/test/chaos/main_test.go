package chaos

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// full says that everything is run, not a sample.
var full = os.Getenv("CHAOS") == "full"

// seed decides which faults are sampled and when processes are killed.
var seed = chooseSeed()

func chooseSeed() uint64 {
	text := os.Getenv("CHAOS_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano()) % 1_000_000
	}
	chosen, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		fmt.Fprintf(os.Stderr, "CHAOS_SEED must be a number, not %q\n", text)
		os.Exit(2)
	}
	return chosen
}

// random is a source of its own for each purpose, so that a test that runs
// alone does what it does among others.
func random(purpose string) *rand.Rand {
	second := uint64(len(purpose))
	for _, b := range []byte(purpose) {
		second = second*31 + uint64(b)
	}
	return rand.New(rand.NewPCG(seed, second))
}

// sample chooses some by chance, unless everything is run.
func sample[T any](purpose string, all []T, some int) []T {
	if full || len(all) <= some {
		return all
	}
	picked := slices.Clone(all)
	random(purpose).Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	return picked[:some]
}

// temporary holds what all tests share. Its name is short: sockets lie below.
var temporary string

// trials is how many tests run at a time. Most of the time they wait.
const trials = 10

func TestMain(m *testing.M) {
	flag.Parse()
	if !isSet("test.parallel") {
		_ = flag.Set("test.parallel", strconv.Itoa(trials))
	}
	var err error
	if temporary, err = os.MkdirTemp("", "chaos"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("CHAOS_SEED=%d\n", seed)
	endTogether()
	code := m.Run()
	fmt.Print(tables)
	if err := os.RemoveAll(temporary); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// endTogether lets an interruption of the tests end what they have started: it
// has process groups of its own, which the terminal does not reach.
func endTogether() {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		commands.killAll()
		_ = os.RemoveAll(temporary)
		os.Exit(1)
	}()
}

func isSet(name string) (set bool) {
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// tools are Terraform, the provider as a program, and the configuration that
// brings them together.
type tools struct {
	terraform, provider, config string
}

// findTools finds Terraform and builds the provider, once.
var findTools = sync.OnceValues(func() (found tools, err error) {
	if found.terraform = os.Getenv("TF_ACC_TERRAFORM_PATH"); found.terraform == "" {
		if found.terraform, err = exec.LookPath("terraform"); err != nil {
			return tools{}, fmt.Errorf("set TF_ACC_TERRAFORM_PATH, or run make test, which finds or builds a Terraform: %w", err)
		}
	}
	folder := filepath.Join(temporary, "bin")
	found.provider = filepath.Join(folder, "terraform-provider-payinvoice")
	found.config = filepath.Join(temporary, "terraform.rc")
	arguments := []string{"build", "-buildvcs=false", "-o", found.provider}
	if raceDetector {
		arguments = append(arguments, "-race")
	}
	build := exec.Command("go", append(arguments, "../../..")...)
	if output, err := build.CombinedOutput(); err != nil {
		return tools{}, fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	config := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"payinvoice/payinvoice\" = %q\n  }\n}\n", filepath.ToSlash(folder))
	return found, os.WriteFile(found.config, []byte(config), 0o600)
})

func mustTools(t *testing.T) tools {
	t.Helper()
	found, err := findTools()
	if err != nil {
		t.Fatal(err)
	}
	return found
}
