package page

import (
	"reflect"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// TestTexts: no language lacks a text.
func TestTexts(t *testing.T) {
	for _, language := range []string{"en", "ar", "ru"} {
		text := textFor(language)
		if text.Lang != language {
			t.Errorf("%s: the page says it is in %s", language, text.Lang)
		}
		fields := reflect.ValueOf(*text)
		for i := range fields.NumField() {
			if fields.Field(i).IsZero() {
				t.Errorf("%s: %s is missing", language, fields.Type().Field(i).Name)
			}
		}
		for _, phase := range simulator.Phases() {
			if text.Phases[phase] == "" {
				t.Errorf("%s: the phase %s is missing", language, phase)
			}
			known := phase != simulator.PhaseOpen && phase != simulator.PhaseUnknown
			if (text.Outcomes[phase] != "") != known {
				t.Errorf("%s: the outcome of %s is %q", language, phase, text.Outcomes[phase])
			}
		}
		for _, event := range payerEvents {
			if text.Events[event] == "" {
				t.Errorf("%s: the event %s is missing", language, event)
			}
		}
	}
}

func TestTextForAnyLanguage(t *testing.T) {
	for language, want := range map[string]string{
		"": "en", "en": "en", "de": "en", "ar": "ar", "AR": "ar", "ar-KW": "ar", "ru": "ru", "ru-RU": "ru",
	} {
		if got := textFor(language); got.Lang != want {
			t.Errorf("%q: %s", language, got.Lang)
		}
	}
	if textFor("ar").Dir != "rtl" || textFor("ru").Dir != "ltr" {
		t.Error("the directions are wrong")
	}
}
