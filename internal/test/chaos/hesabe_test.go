package chaos

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// shortLivedTokens makes Hesabe's access tokens so short-lived that a client renews
// them between two requests, each of which takes a while.
func shortLivedTokens(next http.Handler) http.Handler {
	login, refresh := faults.Of("hesabe", faults.Login), faults.Of("hesabe", faults.Refresh)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		body := recorder.Body.Bytes()
		if login.Matches(r) || refresh.Matches(r) {
			body = bytes.Replace(body, []byte(`"expires_in":900`), []byte(`"expires_in":1`), 1)
		} else {
			time.Sleep(shortLife)
		}
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(body)
	})
}

// shortLife is longer than a client trusts a token that lives for a second.
const shortLife = 600 * time.Millisecond
