package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

const resendPath = "/api/v1/invoice/resend"

func resendBlock(id string) string {
	return fmt.Sprintf("action \"payinvoice_hesabe_resend_invoice\" \"it\" {\n  config {\n    id = %q\n    mobile_number = \"66666666\"\n    country_code = \"965\"\n  }\n}\n", id)
}

func TestResend(t *testing.T) {
	providertest.NeedsTerraform(t, providertest.WithActions)
	resends := func(r *http.Request) bool { return r.URL.Path == resendPath }
	for name, test := range map[string]struct {
		fault  providertest.Fault
		event  simulator.Event
		says   []string
		silent bool
	}{
		"sent":             {},
		"answer lost":      {fault: providertest.LoseResponse, says: []string{"outcome unknown", "may have been sent"}},
		"a page":           {fault: providertest.RespondAfter(200, "text/html", "<html>Welcome</html>"), says: []string{"outcome unknown", "may have been sent"}},
		"out of order":     {fault: providertest.Respond(503, "text/html", ""), says: []string{"outcome unknown", "may have been sent"}},
		"no longer unpaid": {event: simulator.Pay, says: []string{"Cannot resend the Hesabe invoice"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := providertest.NewEnv(t)
			g := gatewayNamed("hesabe")
			id := g.createElsewhere(t, s, g.fewest()).Text("id")
			if test.event != "" {
				s.Trigger(g.Name, id, test.event)
			}
			if test.fault != nil {
				s.Intercept(providertest.InjectFault(-1, resends, test.fault))
			}
			report := s.Workspace(resendBlock(id)).Invoke("action.payinvoice_hesabe_resend_invoice.it")
			if test.says == nil {
				report.Succeeds()
				if progress := strings.Join(report.Progress, "\n"); !strings.Contains(progress, id) || !strings.Contains(progress, "66666666") {
					t.Errorf("progress: %s", progress)
				}
			} else {
				report.Fails(1)
				report.Find("error", append(test.says, id)...)
			}
			if n := s.Count(g.Name, http.MethodPost, resendPath); n != 1 {
				t.Errorf("%d requests to resend", n)
			}
		})
	}
}
