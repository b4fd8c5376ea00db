package invoice

import (
	"errors"
	"fmt"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// message describes an error as a sentence without its full stop. For a gateway's
// error, it names the gateway, the operation and the response.
func message(err error) string {
	text := err.Error()
	var failed *gateway.Error
	if errors.As(err, &failed) {
		if context, ok := strings.CutSuffix(text, failed.Error()); ok {
			text = context + sentence(failed)
		}
	}
	return strings.TrimRight(text, ".")
}

func sentence(e *gateway.Error) string {
	var parts []string
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	for _, f := range e.Fields {
		parts = append(parts, f.Field+": "+f.Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	detail := ""
	if len(parts) > 0 {
		detail = ": " + strings.Join(parts, "; ")
	}
	switch {
	case e.Status != 0 && errors.Is(e.Kind, gateway.ErrUnexpected):
		return fmt.Sprintf("%s returned an unexpected response to %q: HTTP %d%s", e.Gateway, e.Operation, e.Status, detail)
	case errors.Is(e.Kind, gateway.ErrRateLimited):
		return fmt.Sprintf("%s did not accept %q in time, because of its rate limit%s%s", e.Gateway, e.Operation, status(e), detail)
	case e.Status != 0 && e.Code != "":
		return fmt.Sprintf("%s responded to %q with HTTP %d (%s)%s", e.Gateway, e.Operation, e.Status, e.Code, detail)
	case e.Status != 0:
		return fmt.Sprintf("%s responded to %q with HTTP %d%s", e.Gateway, e.Operation, e.Status, detail)
	case errors.Is(e.Kind, gateway.ErrUnavailable):
		return fmt.Sprintf("%s did not respond to %q (%v)%s", e.Gateway, e.Operation, e.Kind, detail)
	default:
		return e.Error()
	}
}

func status(e *gateway.Error) string {
	if e.Status == 0 {
		return ""
	}
	return fmt.Sprintf(" (HTTP %d)", e.Status)
}

// bulletList formats a list of things to check, or a single one.
func bulletList(things []string) string {
	if len(things) == 1 {
		return " " + things[0] + "."
	}
	return ":\n  - " + strings.Join(things, "\n  - ")
}
