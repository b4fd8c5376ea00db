//go:build linux

package story

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
)

// imageConfig is a part of https://github.com/opencontainers/image-spec/blob/main/config.md.
type imageConfig struct {
	User       string
	WorkingDir string
	Entrypoint []string
	Cmd        []string
}

// TestImage builds the container image and runs its command in its files, as its
// user, without a container engine.
func TestImage(t *testing.T) {
	dir := t.TempDir()
	storage := []string{"--root", dir + "/images", "--runroot", dir + "/run", "--storage-driver", "vfs"}
	buildah := func(args ...string) *exec.Cmd { return exec.Command("buildah", append(storage, args...)...) }
	if _, err := exec.LookPath("buildah"); err != nil || os.Getuid() != 0 {
		t.Skip("the image is built by buildah, and as root")
	}
	image := "ghcr.io/payinvoice/terraform-provider-payinvoice:" + provider.DevVersion
	build := exec.Command("make", "image", "IMAGE_BUILD=buildah "+strings.Join(storage, " ")+" build --isolation chroot", "VERSION="+provider.DevVersion)
	build.Dir = root(t)
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var inspected struct {
		OCIv1 struct{ Config imageConfig }
	}
	if err := json.Unmarshal([]byte(printed(t, buildah("inspect", "--type", "image", image))), &inspected); err != nil {
		t.Fatal(err)
	}
	config := inspected.OCIv1.Config
	if want := []string{"/terraform-provider-payinvoice", "sandbox"}; !slices.Equal(config.Entrypoint, want) {
		t.Errorf("the entry point is %q", config.Entrypoint)
	}
	files := printed(t, buildah("mount", printed(t, buildah("from", image))))
	t.Cleanup(func() { printed(t, buildah("umount", "--all")) })
	if certificates, err := os.ReadFile(filepath.Join(files, "etc", "ssl", "certs", "ca-certificates.crt")); err != nil || len(certificates) == 0 {
		t.Errorf("the image has no certificates: %v", err)
	}
	runImage(t, files, config)
}

// runImage runs the image's command at a free port.
func runImage(t *testing.T, files string, config imageConfig) {
	t.Helper()
	var command []string
	for _, arg := range slices.Concat(config.Entrypoint, config.Cmd) {
		command = append(command, strings.ReplaceAll(arg, ":4480", ":0"))
	}
	server := exec.Command(command[0], command[1:]...)
	server.Dir = config.WorkingDir
	server.Env = []string{"PATH=/"}
	server.SysProcAttr = &syscall.SysProcAttr{Chroot: files, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	if want := "65532:65532"; config.User != want {
		t.Errorf("the image's user is %s, not %s", config.User, want)
	}
	url := serve(t, server)
	if health := get(url + "/_sandbox/health"); !strings.Contains(health, `"version":"`+provider.DevVersion+`"`) {
		t.Errorf("the sandbox's health is %s", health)
	}
}

// printed returns the standard output of a command.
func printed(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", cmd, err)
	}
	return strings.TrimSpace(string(output))
}
