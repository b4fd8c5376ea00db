package chaos

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	simhesabe "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// emptyGateway is the same gateway without any of the invoices: a replica that lags
// behind, or another account.
func emptyGateway(t *testing.T, p profile) http.Handler {
	t.Helper()
	empty := sandboxtest.Start(t).Sandbox.Handler(p.Name)
	if p.Requests.Login == "" {
		return empty
	}
	// Hesabe's tokens are valid at one gateway only.
	token := logIn(t, empty)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		empty.ServeHTTP(w, r)
	})
}

func logIn(t *testing.T, hesabe http.Handler) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"username": simhesabe.Username, "password": simhesabe.Password})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/api/v1/login", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("accessCode", simhesabe.AccessCode)
	recorder := httptest.NewRecorder()
	hesabe.ServeHTTP(recorder, request)
	var login struct {
		Response struct {
			Token struct {
				Access string `json:"access_token"`
			} `json:"token"`
		} `json:"response"`
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &login); err != nil || login.Response.Token.Access == "" {
		t.Fatalf("no token: %d %s", recorder.Code, recorder.Body)
	}
	return login.Response.Token.Access
}

// lagging is a gateway whose reads do not show new invoices yet.
func lagging(r *run) faults.Fault {
	return faults.Reroute(laggingName, emptyGateway(r.t, r.env.profile))
}

const laggingName = "lag"

// wrongResponse is the response to somebody else's create, as a cache or a router may
// give it, after the gateway has processed ours.
func wrongResponse(r *run) faults.Fault {
	other := r.env.workspace(r.t, provider(10*time.Second, 1)+r.env.resource(r.env.referenceArgument("order-of-somebody-else")))
	other.apply().succeeds(r.t)
	r.foreign = other.ids()
	responses := r.env.ledger.createResponses()
	return faults.ReplaceResponse(wrongResponseName, true, http.StatusOK, "application/json", string(responses[len(responses)-1]))
}

const wrongResponseName = "another's response"

// ineffectiveCancel is a response to a cancel that looks like a success, although nothing
// was canceled. The record in it has no status.
func ineffectiveCancel(r *run) faults.Fault {
	body := []byte(`{"status":"success","result":["ok"]}`)
	if r.env.Name != "cryptocloud" {
		responses := r.env.ledger.createResponses()
		body = faults.StripStatus(responses[len(responses)-1])
	}
	return faults.ReplaceResponse(ineffectiveCancelName, false, http.StatusOK, "application/json", string(body))
}

const ineffectiveCancelName = "cancel without status"

// confirmWithoutStatus removes the status from the reads after the cancel. The refresh
// and the read before the cancel have one.
func confirmWithoutStatus(p profile) []faults.Rule {
	return []faults.Rule{{Operation: faults.Of(p.Name, faults.Read), Fault: faults.WithoutStatus, After: 2}}
}

// TestSwappedResponses makes two invoices at the same time and swaps the responses.
func TestSwappedResponses(t *testing.T) {
	for _, p := range sample("swapped", profiles, 1) {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			s := newEnv(t, p)
			w := s.workspace(t, provider(10*time.Second, 1)+
				p.resource("count = 2", p.Reference+` = "order-${count.index}"`, `timeouts = { create = "30s", delete = "10s" }`))
			s.faults.Arm(faults.Rule{Operation: faults.Of(p.Name, faults.Create), Fault: faults.SwapResponses(), Times: 2})
			o := w.apply()
			s.faults.Disarm()
			if n := s.faults.Injected(); n != 2 {
				t.Errorf("%d responses were swapped", n)
			}
			count := tally{tried: 1}
			output := o.String()
			references := map[string]string{}
			for _, i := range w.state() {
				references[i.id()] = i.text(p.Reference)
			}
			for _, f := range s.ledger.open(t) {
				switch reference, held := references[f.ID]; {
				case held && reference != f.Reference:
					t.Errorf("%s is in the state as %q and at the gateway as %q", f.ID, reference, f.Reference)
				case !held && !strings.Contains(output, f.ID) && !strings.Contains(output, f.Reference):
					count.orphans++
				}
			}
			if n := s.ledger.creates(); n != 2 {
				count.duplicates += n - 2
			}
			if p.Finds && o.failed {
				t.Errorf("the look-up finds both, but the apply failed:\n%s", o)
			}
			tables.add(t, p.Name, rowSwapped, count)
		})
	}
}

const rowSwapped = "swapped responses"

// TestAnotherAccount uses a state at a gateway that has none of its invoices,
// because an endpoint, a credential or the sandbox's switch changed.
func TestAnotherAccount(t *testing.T) {
	for _, p := range sample("another account", profiles, 2) {
		for _, to := range []string{rowAccount, rowSwitch} {
			t.Run(p.Name+"/"+to, func(t *testing.T) {
				t.Parallel()
				testAnotherAccount(t, p, to)
			})
		}
	}
}

const (
	rowAccount = "another account"
	rowSwitch  = "sandbox switched on"
)

// testAnotherAccount applies, plans and destroys after the switch, and then destroys
// where the invoices are.
func testAnotherAccount(t *testing.T, p profile, to string) {
	t.Helper()
	here, there := newEnv(t, p), newEnv(t, p)
	config := provider(10*time.Second, 1) + p.resource("count = 2", p.Reference+` = "order-${count.index}"`)
	w := here.workspace(t, config)
	w.apply().succeeds(t)
	// Somebody else's invoices, which may well have the same ids.
	there.workspace(t, config).apply().succeeds(t)
	made, home := there.ledger.creates(), w.env

	if to == rowSwitch {
		w.env = slices.Concat(home, []string{"PAYINVOICE_SANDBOX=" + t.TempDir()})
	} else {
		w.env = slices.Concat(home, there.environment(there.URL(p.Name)))
	}
	count := tally{tried: 1}
	for _, o := range []outcome{w.apply(), w.run("plan", "-json", "-input=false"), w.destroy(), w.destroy("-refresh=false")} {
		if !o.failed {
			t.Errorf("terraform %s ends well, though the invoices are elsewhere:\n%s", o.command, o)
		}
		for _, id := range w.ids() {
			if !o.failed || !strings.Contains(o.String(), id) {
				t.Errorf("terraform %s does not name %s:\n%s", o.command, id, o)
			}
		}
	}
	if n := len(w.ids()); n != 2 {
		count.removals += 2 - n
	}
	if n := len(here.ledger.open(t)); n != 2 {
		t.Errorf("%d invoices are open where they were made", n)
	}
	if n := len(there.ledger.open(t)); n != 2 {
		t.Errorf("of somebody else's 2 invoices %d are open", n)
	}
	count.duplicates += there.ledger.creates() - made

	w.env = home
	if o := w.destroy(); o.failed {
		count.unrecovered++
		t.Errorf("the destroy where they are fails:\n%s", o)
	}
	count.orphans += len(here.ledger.open(t))
	tables.add(t, p.Name, to, count)
}
