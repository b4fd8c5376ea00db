package cryptocloud_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// gateway is a simulator with a clock that stands.
type gateway struct {
	*cryptocloud.Simulator
	t     *testing.T
	ns    *store.Namespace
	clock time.Time
}

func start(t *testing.T, behaviour cryptocloud.Behaviour) *gateway {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	g := &gateway{t: t, ns: s.Namespace("cryptocloud"), clock: time.Date(2026, 3, 1, 9, 15, 2, 481907123, time.UTC)}
	g.behave(behaviour)
	return g
}

func (g *gateway) behave(behaviour cryptocloud.Behaviour) {
	g.Simulator = cryptocloud.New(g.ns, func() time.Time { return g.clock }, behaviour)
}

type answer struct {
	status int
	body   string
	header http.Header
}

// result is the member result of the response.
func (a answer) result(t *testing.T) any {
	t.Helper()
	var envelope struct {
		Status string
		Result any
	}
	decode(t, a.body, &envelope)
	if a.status != http.StatusOK || envelope.Status != "success" {
		t.Fatalf("answer %d %s", a.status, a.body)
	}
	return envelope.Result
}

// records is result as a list of objects.
func (a answer) records(t *testing.T) (records []map[string]any) {
	t.Helper()
	for _, item := range a.result(t).([]any) {
		records = append(records, item.(map[string]any))
	}
	return records
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func (g *gateway) do(method, target, body string, header http.Header) answer {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String(), w.Header()}
}

func (g *gateway) post(path, body string) answer {
	return g.do(http.MethodPost, path, body, http.Header{
		"Authorization": {"Token " + cryptocloud.APIKey}, "Content-Type": {"application/json"},
	})
}

const (
	createPath = "/v2/invoice/create"
	cancelPath = "/v2/invoice/merchant/canceled"
	listPath   = "/v2/invoice/merchant/list"
	infoPath   = "/v2/invoice/merchant/info"
	statusPath = "/v1/invoice/info"
)

// create makes an invoice; members are further members of the body.
func (g *gateway) create(members string) map[string]any {
	g.t.Helper()
	if !strings.Contains(members, `"amount"`) {
		members = `"amount":25,` + members
	}
	body := `{"shop_id":"` + cryptocloud.ShopID + `",` + strings.TrimSuffix(members, ",") + `}`
	return g.post(createPath, body).result(g.t).(map[string]any)
}

func (g *gateway) info(ids ...string) []map[string]any {
	g.t.Helper()
	body, _ := json.Marshal(map[string]any{"uuids": ids})
	return g.post(infoPath, string(body)).records(g.t)
}

func (g *gateway) trigger(id any, events ...simulator.Event) {
	g.t.Helper()
	for _, event := range events {
		if _, err := g.Trigger(g.t.Context(), id.(string), event, ""); err != nil {
			g.t.Fatalf("%s of %s: %v", event, id, err)
		}
	}
}

func TestAuthorization(t *testing.T) {
	const (
		generic   = `{"status":"error","result":{"authorization":"Unauthorized request."}}`
		padding   = `{"detail":"Invalid header padding"}`
		signature = `{"detail":"Signature verification failed"}`
		v1        = `{"message":"Unauthenticated."}`
	)
	post, get := http.MethodPost, http.MethodGet
	tests := []struct {
		name         string
		behaviour    cryptocloud.Behaviour
		method, path string
		header       string
		status       int
		body         string
	}{
		{"create without key", cryptocloud.Behaviour{}, post, createPath, "", 400, generic},
		{"create with a wrong key", cryptocloud.Behaviour{}, post, createPath, "Token wrong", 400, generic},
		{"create with the wrong scheme", cryptocloud.Behaviour{}, post, createPath, "Bearer " + cryptocloud.APIKey, 400, generic},
		{"create, 401", cryptocloud.Behaviour{AuthStatus: 401}, post, createPath, "Token wrong", 401, generic},
		{"cancel with a wrong key", cryptocloud.Behaviour{}, post, cancelPath, "Token aaaa.bbbb.cccc", 400, generic},
		{"info without key", cryptocloud.Behaviour{}, post, infoPath, "", 400, generic},
		{"info, key not decodable", cryptocloud.Behaviour{}, post, infoPath, "Token wrong", 403, padding},
		{"info, bad padding", cryptocloud.Behaviour{}, post, infoPath, "Token a.b.c", 403, padding},
		{"info, foreign key", cryptocloud.Behaviour{}, post, infoPath, "Token aaaa.bbbb.cccc", 403, signature},
		{"list, foreign key", cryptocloud.Behaviour{}, post, listPath, "Token aaaa.bbbb.cccc", 403, signature},
		{"list, 401", cryptocloud.Behaviour{AuthStatus: 401}, post, listPath, "Token aaaa.bbbb.cccc", 401, signature},
		{"status without key", cryptocloud.Behaviour{}, get, statusPath + "?uuid=INV-AAAAAAAA", "", 401, v1},
		{"status with a wrong key", cryptocloud.Behaviour{AuthStatus: 403}, get, statusPath, "Token wrong", 401, v1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := start(t, test.behaviour)
			header := http.Header{"Content-Type": {"application/json"}}
			if test.header != "" {
				header.Set("Authorization", test.header)
			}
			got := g.do(test.method, test.path, `{}`, header)
			if got.status != test.status || got.body != test.body || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

func TestUnknownRoutes(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for request, want := range map[string]string{
		"POST /":                      `404 {"detail":"Not found."}`,
		"POST /v2/invoice/create/":    `404 {"detail":"Not found."}`,
		"POST /v2/invoice/cancel":     `404 {"detail":"Not found."}`,
		"POST /v2//invoice/create":    `404 {"detail":"Not found."}`,
		"GET " + createPath:           `405 {"detail":"Method \"GET\" not allowed."}`,
		"PUT " + infoPath:             `405 {"detail":"Method \"PUT\" not allowed."}`,
		"POST " + statusPath:          `405 {"detail":"Method \"POST\" not allowed."}`,
		"DELETE /v2/invoice/anything": `404 {"detail":"Not found."}`,
	} {
		method, path, _ := strings.Cut(request, " ")
		got := g.do(method, path, "", http.Header{})
		if text := fmt.Sprint(got.status, " ", got.body); text != want {
			t.Errorf("%s: %s", request, text)
		}
	}
}

func TestBodiesThatAreNoJSON(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for _, body := range []string{"", "x", "[]", `{"a":1`, `{} {}`} {
		got := g.post(createPath, body)
		if got.status != 400 || !strings.HasPrefix(got.body, `{"status":"error","result":{"validate_error":"`) {
			t.Errorf("%q: %d %s", body, got.status, got.body)
		}
	}
	if got := g.post(createPath, strings.Repeat(" ", wire.MaxBody+1)); got.status != 413 {
		t.Errorf("a huge body: %d %s", got.status, got.body)
	}
	got := g.do(http.MethodPost, createPath, "a=b", http.Header{
		"Authorization": {"Token " + cryptocloud.APIKey}, "Content-Type": {"application/x-www-form-urlencoded"},
	})
	if got.status != 415 {
		t.Errorf("a form: %d %s", got.status, got.body)
	}
}

func TestStatusV1(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	status := func(query string) string {
		got := g.do(http.MethodGet, statusPath+query, "", http.Header{"Authorization": {"Token " + cryptocloud.APIKey}})
		return fmt.Sprint(got.status, " ", got.body)
	}
	id := g.create("")["uuid"].(string)
	for event, want := range map[simulator.Event]string{
		"": "created", simulator.Pay: "paid", simulator.Underpay: "partial", simulator.Overpay: "paid", simulator.Cancel: "canceled",
	} {
		id := g.create("")["uuid"].(string)
		if event != "" {
			g.trigger(id, event)
		}
		for _, form := range []string{id, strings.TrimPrefix(id, "INV-")} {
			if got := status("?uuid=" + form); got != `200 {"status":"success","status_invoice":"`+want+`"}` {
				t.Errorf("%s of %s: %s", event, form, got)
			}
		}
	}
	for query, want := range map[string]string{
		"":                      `400 {"error":"uuid is required","status":"error"}`,
		"?uuid=":                `400 {"error":"uuid is required","status":"error"}`,
		"?invoice_id=" + id:     `400 {"error":"uuid is required","status":"error"}`,
		"?uuid=INV-AAAAAAAA":    `400 {"error":"Invoice not found","status":"error"}`,
		"?uuid=" + id + "&more": `400 {"error":"uuid is required","status":"error"}`,
	} {
		if got := status(query); got != want {
			t.Errorf("%q: %s", query, got)
		}
	}
	g.clock = g.clock.AddDate(0, 0, 2)
	if got := status("?uuid=" + id); !strings.Contains(got, "canceled") {
		t.Errorf("past the deadline: %s", got)
	}

	g.behave(cryptocloud.Behaviour{V1Overpaid: true})
	more := g.create("")["uuid"].(string)
	g.trigger(more, simulator.Overpay)
	if got := status("?uuid=" + more); !strings.Contains(got, `"overpaid"`) {
		t.Errorf("overpaid: %s", got)
	}
}

func ids(records []map[string]any) (ids []string) {
	for _, record := range records {
		ids = append(ids, record["uuid"].(string))
	}
	return ids
}

func TestInfo(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	a, b := g.create("")["uuid"].(string), g.create("")["uuid"].(string)
	bareB := strings.TrimPrefix(b, "INV-")

	if got := ids(g.info(bareB, "INV-AAAAAAAA", a, b, "nonsense")); !slices.Equal(got, []string{b, a}) {
		t.Errorf("got %v, want %v", got, []string{b, a})
	}
	if got := g.post(infoPath, `{"uuids":["INV-AAAAAAAA"]}`); got.body != `{"status":"success","result":[]}` {
		t.Errorf("unknown only: %s", got.body)
	}
	g.behave(cryptocloud.Behaviour{InfoReversed: true})
	if got := ids(g.info(b, a)); !slices.Equal(got, []string{a, b}) {
		t.Errorf("reversed: %v", got)
	}
	g.behave(cryptocloud.Behaviour{InfoRepeated: true})
	if got := ids(g.info(a, b)); !slices.Equal(got, []string{a, b, a, b}) {
		t.Errorf("repeated: %v", got)
	}
	g.behave(cryptocloud.Behaviour{InfoOf2023: true})
	record := g.info(a)[0]
	for _, member := range []string{"amount_in_fiat", "created", "invoice_status"} {
		if _, has := record[member]; has {
			t.Errorf("2023: has %s", member)
		}
	}
	if record["status"] != "created" || len(record) != 18 {
		t.Errorf("2023: %d members: %v", len(record), record)
	}
	g.behave(cryptocloud.Behaviour{ZeroAmountInFiat: true})
	if fiat := g.info(a)[0]["amount_in_fiat"]; fiat != json.Number("0") {
		t.Errorf("zero: %v", fiat)
	}

	many := bytes.Repeat([]byte(`"AAAAAAAA",`), 101)
	for body, want := range map[string]string{
		`{}`:                     `{"status":"error","result":{"validate_error":"uuids is required"}}`,
		`{"uuids":[]}`:           `{"status":"error","result":{"validate_error":"uuids is required"}}`,
		`{"uuids":"INV-A"}`:      `{"status":"error","result":{"uuids":"Invalid value uuids."}}`,
		`{"uuids":[1]}`:          `{"status":"error","result":{"uuids":"Invalid value uuids."}}`,
		`{"uuids":[],"uuid":""}`: `{"status":"error","result":{"validate_error":"uuids is required"}}`,
		`{"uuids":[` + string(many[:len(many)-1]) + `]}`: `{"status":"error","result":{"validate_error":"Max 100 uuids"}}`,
	} {
		if got := g.post(infoPath, body); got.status != 400 || got.body != want {
			t.Errorf("%.40s: %d %s", body, got.status, got.body)
		}
	}
}
