package main

import (
	"io"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	tests := map[string]struct {
		args    []string
		wantErr string
	}{
		"both":            {[]string{"-min", "1.14", "-exactly", "1.16.0"}, "give only one of -min and -exactly"},
		"unknown product": {[]string{"-product", "pulumi", "-min", "1.0"}, `unknown product "pulumi"`},
		"surplus":         {[]string{"-min", "1.14", "plan"}, `unexpected argument "plan"`},
		"no version":      {[]string{"-exactly", "latest"}, `"latest" is not a whole version`},
		"unknown flag":    {[]string{"-newest"}, "flag provided but not defined"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path, err := run(t.Context(), test.args, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("got %q, %v; want an error with %q", path, err, test.wantErr)
			}
		})
	}
}
