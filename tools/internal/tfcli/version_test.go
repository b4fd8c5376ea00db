package tfcli

import (
	"slices"
	"testing"
)

func TestParseVersion(t *testing.T) {
	tests := map[string]struct {
		answer  string
		want    string
		wantErr bool
	}{
		"release":     {answer: `{"terraform_version": "1.16.0", "platform": "linux_amd64"}`, want: "1.16.0"},
		"pre-release": {answer: `{"terraform_version": "1.15.0-beta2"}`, want: "1.15.0-beta2"},
		"no version":  {answer: `{}`, wantErr: true},
		"no JSON":     {answer: `Terraform v1.16.0`, wantErr: true},
		"odd version": {answer: `{"terraform_version": "latest"}`, wantErr: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parseVersion([]byte(test.answer))
			if got != test.want || (err != nil) != test.wantErr {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestCleanEnv(t *testing.T) {
	got, err := CleanEnv([]string{
		"PATH=/bin", "HOME=/home/me", "GOFLAGS=-v", "MEUMX=kept",
		"TF_LOG=trace", "TF_CLI_ARGS_plan=-destroy", "TF_CLI_CONFIG_FILE=/home/me/.terraformrc",
		"TF_VAR_data_dir=/elsewhere", "TF_ACC=1", "CHECKPOINT_DISABLE=0",
		"CRYPTOCLOUD_API_KEY=k", "HESABE_PASSWORD=p", "XPAYS_SECRET_KEY=s", "MEUM_API_KEY=k", "PAYINVOICE_SANDBOX=/real",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{"PATH=/bin", "HOME=/home/me", "GOFLAGS=-v", "MEUMX=kept", "CHECKPOINT_DISABLE=1"} {
		if !slices.Contains(got, kept) {
			t.Errorf("%s is missing", kept)
		}
	}
	if len(got) != 6 {
		t.Errorf("too much is left: %q", got)
	}
}
