package examplestest

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// TestDrawing compares the drawing of the phases with those of all gateways.
func TestDrawing(t *testing.T) {
	var drawing struct {
		Groups []struct {
			Texts []string `xml:"text"`
		} `xml:"g"`
	}
	if err := xml.Unmarshal([]byte(readFile(t, "assets/phases.svg")), &drawing); err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for _, group := range drawing.Groups {
		for _, text := range group.Texts {
			drawn[strings.TrimSpace(text)] = true
		}
	}
	for _, phase := range gateway.Phases() {
		if !drawn[string(phase)] {
			t.Errorf("assets/phases.svg has no phase %s", phase)
		}
	}
	content := readFile(t, "assets/phases.svg")
	for _, g := range gatewaytest.Specimens() {
		if !strings.Contains(content, ">"+g.Title+"<") {
			t.Errorf("assets/phases.svg has no gateway %s", g.Title)
		}
		for _, row := range g.Phases {
			if !strings.Contains(content, row.Status) {
				t.Errorf("assets/phases.svg has no status %s of %s", row.Status, g.Title)
			}
		}
	}
}
