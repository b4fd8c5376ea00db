package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSandboxVariable(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		dir, url string
		refused  bool
	}{
		"./data":                  {dir: "./data"},
		"/tmp/data":               {dir: "/tmp/data"},
		"~/data":                  {dir: filepath.Join(home, "data")},
		"onboarding":              {dir: "onboarding"},
		"http://127.0.0.1:4480":   {url: "http://127.0.0.1:4480"},
		" https://sandbox.local ": {url: "https://sandbox.local"},
		"HTTP://LOCALHOST:4480":   {url: "HTTP://LOCALHOST:4480"},
		"0":                       {refused: true}, "1": {refused: true}, "False": {refused: true}, "TRUE": {refused: true},
		"no": {refused: true}, "yes": {refused: true}, "On": {refused: true}, " off ": {refused: true},
		" \t ": {refused: true},
	}
	for value, test := range tests {
		t.Run(value, func(t *testing.T) {
			var s sandboxSetting
			diags := s.readVariable(value)
			s.dir = expandHome(s.dir)
			if s.dir != test.dir || s.url != test.url || diags.HasError() != test.refused {
				t.Fatalf("folder %q, URL %q, %v", s.dir, s.url, diags)
			}
			if test.refused && (!strings.Contains(diags[0].Detail(), sandboxVariable) || !strings.Contains(diags[0].Detail(), strings.TrimSpace(value))) {
				t.Errorf("the error does not name the variable and its value: %s", diags[0].Detail())
			}
		})
	}
}
