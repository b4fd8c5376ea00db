package examplestest

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSecrets looks for a secret in all that Terraform writes, with the guide's
// two ways to pass one.
func TestSecrets(t *testing.T) {
	for dir, test := range map[string]struct {
		needs    marks
		variable string
	}{
		"environment": {marks{}, "CRYPTOCLOUD_API_KEY"},
		"ephemeral":   {marks{terraform: "1.10", tofu: "1.11"}, "TF_VAR_meum_api_key"},
	} {
		t.Run(dir, func(t *testing.T) {
			need(t, test.needs)
			w := newWorkspace(t, newSandbox(t))
			w.write("main.tf", readFile(t, "examples/guides/secrets/"+dir+"/main.tf"))
			w.env = append(w.env, test.variable+"="+secret)
			w.run("init")
			w.plan()
			w.expectNoSecret()
			w.run("apply", planFile)
			w.expectNoSecret()
			w.destroy()
		})
	}
}

const secret = "sk_live_never_written_down"

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
