package hesabe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func TestEdge(t *testing.T) {
	clienttest.Edge[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			c, err := New(demo, cfg)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		Spec:    Spec{Amount: clienttest.Amount(t, "15")},
		Invoice: &Invoice{ID: "14696", Token: "311"},
		Alike:   []string{"status false", "status false, url"},
		Pass: func(w http.ResponseWriter, r *http.Request) bool {
			isLogin := strings.HasSuffix(r.URL.Path, "/login")
			if isLogin {
				clienttest.Reply(w, http.StatusOK, loginResponse)
			}
			return isLogin
		},
	}.Check(t)
}
