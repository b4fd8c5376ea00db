package pluginserver

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestLogs(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value string
		wanted          bool
	}{
		"nobody listens":            {"TF_LOG_CORE", "TRACE", false},
		"Terraform listens":         {"TF_LOG", "TRACE", true},
		"Terraform listens to us":   {"TF_LOG_PROVIDER", "DEBUG", true},
		"somebody listens to us":    {"TF_LOG_PROVIDER_PAYINVOICE", "DEBUG", false},
		"Terraform listens in JSON": {"TF_LOG", "json", true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range []string{"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER"} {
				t.Setenv(v, "")
			}
			t.Setenv(test.variable, test.value)
			if got := logsWanted(); got != test.wanted {
				t.Errorf("logs are wanted: %v", got)
			}
		})
	}
}

func TestCollectLess(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for name, test := range map[string]struct {
		gogc, limit string
		want        int
	}{
		"as it is":         {"", "", gcPercent},
		"the user's rate":  {"100", "", 100},
		"the user's limit": {"", "64MiB", 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", test.gogc)
			t.Setenv("GOMEMLIMIT", test.limit)
			debug.SetGCPercent(100)
			collectLess()()
			if got := debug.SetGCPercent(100); got != test.want {
				t.Errorf("the collector starts at %d %%, not %d", got, test.want)
			}
		})
	}
}

func TestSilence(t *testing.T) {
	t.Setenv("TF_LOG_SDK", "")
	t.Setenv("TF_LOG_SDK_PROTO", "")
	t.Setenv("TF_LOG_SDK_FRAMEWORK", "")
	t.Setenv("TF_LOG_PROVIDER_PAYINVOICE", "DEBUG")
	withoutLogs()
	for name, want := range map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_PAYINVOICE": "DEBUG"} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
