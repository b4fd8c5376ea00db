package chaos

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// shortLived makes Hesabe's access tokens so short-lived that a client renews
// them between two requests, each of which takes a while.
func shortLived(next http.Handler) http.Handler {
	login, refresh := faults.Of("hesabe", faults.Login), faults.Of("hesabe", faults.Refresh)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if login.Matches(r) || refresh.Matches(r) {
			body = bytes.Replace(body, []byte(`"expires_in":900`), []byte(`"expires_in":1`), 1)
		} else {
			time.Sleep(shortLife)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	})
}

// shortLife is longer than a client trusts a token that lives for a second.
const shortLife = 600 * time.Millisecond
