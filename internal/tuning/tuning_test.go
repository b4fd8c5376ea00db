package tuning

import (
	"os"
	"testing"
)

func TestLogs(t *testing.T) {
	for name, test := range map[string]struct{ variable, value, want string }{
		"nobody listens":            {"TF_LOG_CORE", "TRACE", "OFF"},
		"Terraform listens":         {"TF_LOG", "TRACE", ""},
		"Terraform listens to us":   {"TF_LOG_PROVIDER", "DEBUG", ""},
		"somebody listens to us":    {"TF_LOG_PROVIDER_PAYINVOICE", "DEBUG", "DEBUG"},
		"Terraform listens in JSON": {"TF_LOG", "json", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range []string{"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_PAYINVOICE", "TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
				t.Setenv(v, "")
			}
			t.Setenv(test.variable, test.value)
			defer Apply()()
			if got := os.Getenv("TF_LOG_PROVIDER_PAYINVOICE"); got != test.want {
				t.Errorf("TF_LOG_PROVIDER_PAYINVOICE = %q, want %q", got, test.want)
			}
		})
	}
}
