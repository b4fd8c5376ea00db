package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestInvoiceReadErrors keeps the state whatever answers in place of the
// gateway: only the gateway's own word removes an invoice.
func TestInvoiceReadErrors(t *testing.T) {
	t.Parallel()
	var contacted atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { contacted.Add(1) }))
	t.Cleanup(elsewhere.Close)
	redirect := func(http.Handler) http.Handler { return http.RedirectHandler(elsewhere.URL+"/login", http.StatusFound) }
	const page, object = "text/html", "application/json"

	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.fewest), "max_retries = 1")
	w.Apply().SucceedsQuietly()
	before := w.State()
	for _, test := range []struct {
		name  string
		fault providertest.Fault
		says  []string
		// repeated says that the read is tried again.
		repeated bool
	}{
		{name: "401", fault: providertest.Respond(401, object, `{}`), says: []string{"HTTP 401", "rejected the credentials"}},
		{name: "401 of a proxy", fault: providertest.Respond(401, page, "<html>Log in</html>"), says: []string{"HTTP 401", "rejected the credentials"}},
		{name: "403", fault: providertest.Respond(403, object, `{}`), says: []string{"HTTP 403", "not allowed to do this"}},
		{name: "403 of a proxy", fault: providertest.Respond(403, page, "<html>Forbidden</html>"), says: []string{"HTTP 403", "not allowed to do this"}},
		{name: "404 of a proxy", fault: providertest.Respond(404, page, "<html>Not Found</html>"), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 of a router", fault: providertest.Respond(404, object, `{"message":"no Route matched with those values"}`), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 of Nest", fault: providertest.Respond(404, object, `{"statusCode":404,"message":"Cannot GET /v1/invoices/x","error":"Not Found"}`), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 of Fastify", fault: providertest.Respond(404, object, `{"message":"Route GET:/v1/invoices/x not found","error":"Not Found","statusCode":404}`), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 of Spring", fault: providertest.Respond(404, object, `{"timestamp":"2026-03-01T09:15:02Z","status":404,"error":"Not Found","path":"/v1/invoices/x"}`), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 and nothing", fault: providertest.Respond(404, object, ``), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "404 of another API", fault: providertest.Respond(404, object, `[]`), says: []string{"HTTP 404", "probably did not come from the gateway"}},
		{name: "410", fault: providertest.Respond(410, page, "<html>Gone</html>"), says: []string{"HTTP 410", "probably did not come from the gateway"}},
		{name: "a page", fault: providertest.Respond(200, page, "<html>Welcome to the hotel</html>"), says: []string{"HTTP 200", "Welcome to the hotel", "probably did not come from the gateway"}},
		{name: "garbage", fault: providertest.Respond(200, object, `{"result":`), says: []string{"HTTP 200", "probably did not come from the gateway"}},
		{name: "nothing", fault: providertest.Respond(200, object, ``), says: []string{"HTTP 200", "probably did not come from the gateway"}},
		{name: "an empty object", fault: providertest.Respond(200, object, `{}`), says: []string{"HTTP 200", "probably did not come from the gateway"}},
		{name: "null", fault: providertest.Respond(200, object, `null`), says: []string{"HTTP 200", "probably did not come from the gateway"}},
		{name: "a redirect", fault: redirect, says: []string{"HTTP 302", strings.TrimPrefix(elsewhere.URL, "http://"), "probably did not come from the gateway"}},
		{name: "half a response", fault: providertest.Truncate, says: []string{"broke off", "run the command again"}, repeated: true},
		{name: "no response", fault: providertest.DropConnection, says: []string{"run the command again"}, repeated: true},
		{name: "500", fault: providertest.Respond(500, object, `{"error":"Internal Server Error"}`), says: []string{"HTTP 500", "run the command again"}, repeated: true},
		{name: "503 of a proxy", fault: providertest.Respond(503, page, "<html>Maintenance</html>"), says: []string{"HTTP 503", "run the command again"}, repeated: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.Reset()
			s.Intercept(providertest.InjectFault(-1, every(reads), test.fault))
			w := w.In(t)
			report := w.Apply("-refresh-only")
			report.Fails(len(specimens))
			for _, g := range specimens {
				id := before[g.address("it")].Text("id")
				report.Find("error", append(slices.Clone(test.says), g.Title, "read", id)...)
				attempts := 1
				if test.repeated || g.Retries401 && strings.HasPrefix(test.name, "401") {
					attempts++
				}
				// Go itself repeats a GET on a connection that was used before.
				if n := g.count(s, g.Requests.Read); n != attempts && (test.name != "no response" || n > 2*attempts) {
					t.Errorf("%s: %d reads, not %d", g.Name, n, attempts)
				}
			}
		})
	}
	if n := contacted.Load(); n != 0 {
		t.Errorf("another host was contacted %d times", n)
	}
	s.Reset()
	w.Plan().IsEmpty()
	for address, r := range w.State() {
		expectValues(t, r.Values, before[address].Values)
	}
}

// TestRedirectIsNotFollowed sends no credential to another host, whatever
// request is redirected.
func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var contacted atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { contacted.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		s := providertest.NewEnv(t)
		s.Intercept(func(http.Handler) http.Handler { return http.RedirectHandler(elsewhere.URL, status) })
		w := s.Workspace(allGateways(specimen.fewest))
		report := w.Apply()
		report.Fails(len(specimens))
		for _, g := range specimens {
			report.Find("error", g.Title, "a redirect to")
			// A create is looked up once: whoever redirects may have passed it on.
			if n := len(s.Requests(g.Name)); n > 2 {
				t.Errorf("%s: %d requests", g.Name, n)
			}
		}
	}
	if n := contacted.Load(); n != 0 {
		t.Errorf("another host was contacted %d times", n)
	}
}

// TestInvoiceWrongCredential says which credentials to check, keeps the state,
// and does not repeat what was wrong.
func TestInvoiceWrongCredential(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body)
	w.Apply().SucceedsQuietly()
	before := w.State()
	for _, g := range specimens {
		for setting, right := range g.Credentials {
			t.Run(g.Name+"."+setting, func(t *testing.T) {
				w, wrong := w.In(t), otherValue(right)
				w.Configure(strings.Replace(s.Config(body), fmt.Sprintf("%s = %q", setting, right), fmt.Sprintf("%s = %q", setting, wrong), 1))
				says := []string{"HTTP 4", "rejected the credentials"}
				if slices.Contains(g.Identifying, setting) {
					says = []string{"with the credentials of another account", "PAYINVOICE_RENEWED_CREDENTIALS=" + g.Name}
				}
				plan := w.Plan()
				plan.Fails(1)
				id := before[g.address("it")].Text("id")
				d := plan.Find("error", append(says, g.Title, "read", id)...)
				if !strings.Contains(d.Detail, g.Variable(setting)) || !strings.Contains(d.Detail, g.Name+"."+setting) {
					t.Errorf("it names neither %s nor its setting:\n%s", g.Variable(setting), d)
				}
				if strings.Contains(plan.String(), wrong) {
					t.Errorf("it repeats the credential:\n%s", plan)
				}
			})
		}
	}
	w.Configure(s.Config(body))
	w.Plan().IsEmpty()
}

// otherValue returns another value of the same form, with the next letters and digits.
func otherValue(value string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '9':
			return '0'
		case r == 'z' || r == 'Z':
			return r - 25
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r + 1
		default:
			return r
		}
	}, value)
}

// hang keeps a request waiting until its sender gives up.
func hang(http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

// TestInvoiceTimeouts ends an operation when its time is up, and an attempt when
// request_timeout is.
func TestInvoiceTimeouts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings []string
		timeouts string
		attempts int
	}{
		"of the read":    {[]string{`request_timeout = "1m"`}, `{ read = "1s" }`, 1},
		"of the request": {[]string{`request_timeout = "500ms"`, `max_retries = 2`}, `{ read = "1m" }`, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			body := allGateways(func(g specimen) expressions { return g.fewest().with("timeouts", test.timeouts) })
			w := s.Workspace(body)
			w.Apply().SucceedsQuietly()
			before := w.State()
			s.Reset()
			s.Intercept(providertest.InjectFault(-1, every(reads), hang))
			w.Configure(s.Config(body, test.settings...))
			started := time.Now()
			plan := w.Plan()
			if took := time.Since(started); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			plan.Fails(len(specimens))
			for _, g := range specimens {
				plan.Find("error", g.Title, "read", before[g.address("it")].Text("id"), "run the command again")
				if n := g.count(s, g.Requests.Read); n != test.attempts {
					t.Errorf("%s: %d attempts, not %d", g.Name, n, test.attempts)
				}
			}
		})
	}
}

// TestInvoiceOtherSecrets: no gateway's text shows a credential, another gateway's
// neither.
func TestInvoiceOtherSecrets(t *testing.T) {
	t.Parallel()
	var secrets []string
	for _, g := range specimens {
		secrets = append(secrets, g.SecretValues()...)
	}
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.fewest), "max_retries = 0")
	w.Apply().SucceedsQuietly()
	s.Intercept(providertest.InjectFault(-1, every(reads), providertest.Respond(400, "application/json", `{"error":"seen `+strings.Join(secrets, " and ")+`"}`)))
	plan := w.Plan()
	plan.Fails(len(specimens))
	for _, g := range specimens {
		plan.Find("error", g.Title, "HTTP 400", "seen ***")
	}
	for _, secret := range secrets {
		if strings.Contains(plan.String(), secret) {
			t.Errorf("it shows %q:\n%s", secret, plan)
		}
	}
}

// TestBlankCredential: a credential of white space is a missing one, and is not
// sent.
func TestBlankCredential(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.fewest))
	for _, g := range []specimen{cryptocloudSpecimen, meumSpecimen} {
		key := g.Credentials["api_key"]
		w.Configure(strings.ReplaceAll(s.Config(g.resource("it", g.fewest())), key, ` \t`))
		w.Plan().Find("error", g.Title, "is not configured", g.Name+".api_key", variable(g, "api_key"))
		s.ExpectCalls(g.Name)
	}
}
