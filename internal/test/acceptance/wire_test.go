package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// commonHeaders are sent with every request, and bodyHeaders with a body.
var commonHeaders = map[string]*regexp.Regexp{
	"User-Agent":      regexp.MustCompile(`^terraform-provider-payinvoice/test Terraform/[0-9]+\.[0-9]+\.[0-9]+`),
	"Accept":          regexp.MustCompile(`^application/json$`),
	"Accept-Encoding": regexp.MustCompile(`^gzip$`),
}

var bodyHeaders = map[string]*regexp.Regexp{
	"Content-Type":   regexp.MustCompile(`^application/json$`),
	"Content-Length": regexp.MustCompile(`^[1-9][0-9]*$`),
}

func exactly(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(text) + "$")
}

// TestWire compares every request in the life of an invoice with what the
// gateway documents, to the last header.
func TestWire(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		want := g.Wire
		s := providertest.NewEnv(t)
		w := s.Workspace(g.resource("it", g.all()))
		w.Apply().SucceedsQuietly()
		it := w.Resource(g.address("it"))
		w.Destroy().SucceedsQuietly()

		placeholders := strings.NewReplacer("ID", it.Text("id"), "TOKEN", it.Text("token"), "FROM", kuwaitDay(-24*time.Hour-5*time.Minute, -1), "TO", kuwaitDay(0, 1))
		seen := map[string]bool{}
		for _, r := range s.Requests(g.Name) {
			line := r.Method + " " + r.Path
			i := slices.IndexFunc(want.Life, func(d gatewaytest.WireRequest) bool { return placeholders.Replace(d.Request) == line })
			if i < 0 {
				t.Errorf("the request %s is not expected", line)
				continue
			}
			seen[want.Life[i].Request] = true
			expectHeaders(t, g, line, r, want.Headers)
			query, body := r.Query, string(r.Body)
			if want.Payload != nil && line != g.Requests.Login {
				body, query = want.Payload(t, r), url.Values{}
				if r.Method == "GET" {
					query = maps.Clone(r.Query)
					query.Del("data")
				}
			}
			if wanted := placeholders.Replace(want.Life[i].Query); query.Encode() != wanted {
				t.Errorf("%s has the query %s, not %s", line, query.Encode(), wanted)
			}
			expectJSON(t, line, body, placeholders.Replace(want.Life[i].Body))
			if want.Check != nil {
				want.Check(t, s.URL(g.Name), r)
			}
		}
		for _, d := range want.Life {
			if !seen[d.Request] {
				t.Errorf("there was no %s", d.Request)
			}
		}
	})
}

// kuwaitDay is the day in Kuwait so long from now, and so many days from that.
func kuwaitDay(from time.Duration, days int) string {
	return time.Now().Add(from).In(time.FixedZone("", 3*60*60)).AddDate(0, 0, days).Format(time.DateOnly)
}

func expectHeaders(t *testing.T, g specimen, line string, r sandboxtest.Request, own map[string]*regexp.Regexp) {
	t.Helper()
	want := maps.Clone(commonHeaders)
	if line != g.Requests.Login {
		maps.Copy(want, own)
	}
	if len(r.Body) > 0 {
		maps.Copy(want, bodyHeaders)
	} else if r.Method == "POST" {
		want["Content-Length"] = exactly("0")
	}
	for name, values := range r.Header {
		if form, ok := want[name]; !ok || len(values) != 1 || !form.MatchString(values[0]) {
			t.Errorf("%s has the header %s: %q", line, name, values)
		}
	}
	for name := range want {
		if r.Header.Get(name) == "" {
			t.Errorf("%s has no header %s", line, name)
		}
	}
}

// expectJSON compares JSON, in which numbers must have the same digits.
func expectJSON(t *testing.T, line, got, want string) {
	t.Helper()
	if want == "" {
		if got != "" {
			t.Errorf("%s has the body %s", line, got)
		}
		return
	}
	if !reflect.DeepEqual(jsonValue(t, got), jsonValue(t, want)) {
		t.Errorf("%s has the body\n%s\nnot\n%s", line, got, want)
	}
}

func jsonValue(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return value
}

// TestWireAmounts sends amounts digit for digit, and as the JSON type that the
// gateway documents. None passes through a binary number.
func TestWireAmounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		texts := []string{"0.1", "0.3", "10", "99999999.99", "12345678.901", "1000000000000000.001"}
		if g.Wire.Decimals == 0 {
			texts = append(texts, "0.000001", "0.000000000000000001", "9007199254740993", "123456789012.345678901")
		}
		s := providertest.NewEnv(t)
		var config strings.Builder
		want := map[string]int{}
		for i, text := range texts {
			config.WriteString(g.resource(fmt.Sprint("text", i), g.fewest().with("amount", fmt.Sprintf("%q", text))))
			config.WriteString(g.resource(fmt.Sprint("number", i), g.fewest().with("amount", text)))
			want[g.Wire.Amount(text)] += 2
		}
		w := s.Workspace(config.String())
		w.Apply().Succeeds() // and warns about decimals
		got := map[string]int{}
		for _, r := range s.Requests(g.Name) {
			if !gatewaytest.Matches(g.Requests.Create, r.Method, r.Path) {
				continue
			}
			body := string(r.Body)
			if unseal := g.Wire.Payload; unseal != nil {
				body = unseal(t, r)
			}
			var members map[string]json.RawMessage
			if err := json.Unmarshal([]byte(body), &members); err != nil {
				t.Fatal(err)
			}
			got[string(bytes.TrimSpace(members["amount"]))]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("amounts on the wire: %v, not %v", got, want)
		}
		state := w.State()
		for i, text := range texts {
			for _, name := range []string{"text", "number"} {
				if amount := state[g.address(fmt.Sprint(name, i))].Text("amount"); amount != text {
					t.Errorf("the amount %s is %s in state", text, amount)
				}
			}
		}
		w.Plan().IsEmpty()
	})
}
