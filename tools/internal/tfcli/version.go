package tfcli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/semver"
)

// AtLeast tells whether version (such as 1.16.0 or 1.15.0-rc1) is minimum or
// newer. A minimum may leave out its last parts: 1.14 means 1.14.0.
func AtLeast(version, minimum string) bool {
	return semver.Compare("v"+version, "v"+minimum) >= 0
}

// CheckMinimum rejects what cannot be a lower limit for a version.
func CheckMinimum(version string) error {
	if !semver.IsValid("v" + version) {
		return fmt.Errorf("%q is not a version such as 1.14 or 1.14.8", version)
	}
	return nil
}

// CheckExact rejects what cannot name one release.
func CheckExact(version string) error {
	if v := "v" + version; !semver.IsValid(v) || semver.Canonical(v) != v {
		return fmt.Errorf("%q is not a whole version such as 1.14.8", version)
	}
	return nil
}

// Version asks the program at path for its version.
func Version(ctx context.Context, path string) (string, error) {
	// A folder of its own: the program reads the lock file of the folder it is in.
	dir, err := os.MkdirTemp("", "payinvoice-version-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)

	out, err := Runner{Program: path, Dir: dir}.Run(ctx, "version", "-json")
	if err != nil {
		return "", fmt.Errorf("%s does not print its version: %w", path, err)
	}
	version, err := parseVersion(out)
	if err != nil {
		return "", fmt.Errorf("%s does not print its version: %w", path, err)
	}
	return version, nil
}

// parseVersion reads the answer to "version -json". OpenTofu calls the field
// terraform_version too.
func parseVersion(answer []byte) (string, error) {
	var doc struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(answer, &doc); err != nil {
		return "", err
	}
	if doc.Version == "" {
		return "", errors.New("the response has no terraform_version")
	}
	if err := CheckExact(doc.Version); err != nil {
		return "", err
	}
	return doc.Version, nil
}
