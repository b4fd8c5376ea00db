package examplestest

import (
	"regexp"
	"strings"
)

// varying matches what differs from run to run, between versions and between
// programs, and what is compared in its place.
var varying = []struct {
	pattern *regexp.Regexp
	plain   string
}{
	{regexp.MustCompile(`[│╷╵]`), " "},
	{regexp.MustCompile(`https?://[^\s"]+`), "URL"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`), "TIME"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d`), "DATE"},
	{regexp.MustCompile(`INV-[A-Z0-9]{8}\b|\binv_[0-9a-f]+\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b`), "ID"},
	{regexp.MustCompile(`\bid=\d+\b`), "id=ID"},
	{regexp.MustCompile(`\b\d+s\b`), "SECONDS"},
	{regexp.MustCompile(`\bv\d+\.\d+\.\d+\b`), "VERSION"},
	{regexp.MustCompile(` # forces replacement -> `), " -> "}, // OpenTofu prints it twice
	{regexp.MustCompile(`OpenTofu`), "Terraform"},
	{regexp.MustCompile(`\btofu\b`), "terraform"},
	{regexp.MustCompile(`\s+`), " "},
}

func plain(text string) string {
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.plain)
	}
	return strings.TrimSpace(text)
}

// gap is where a page leaves something out.
var gap = regexp.MustCompile(`\n\s*\n|\.\.\.\n|…`)

// missing is the first part of what a page prints that a command did not, in
// this order, or "". Line breaks, ids, times and versions may differ, but not the
// ids of invoices that the page names.
func missing(printed, screen string, ids map[string]string) string {
	for shown, id := range ids {
		printed = strings.ReplaceAll(printed, shown, "THIS")
		screen = strings.ReplaceAll(screen, id, "THIS")
	}
	rest := plain(screen)
	for _, part := range gap.Split(printed, -1) {
		_, after, found := strings.Cut(rest, plain(part))
		if !found {
			return strings.Trim(part, "\n")
		}
		rest = after
	}
	return ""
}
