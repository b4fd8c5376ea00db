package xpays

import (
	"crypto/hmac"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The headers of every request.
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html
const (
	headerKey       = "x-api-key"
	headerSignature = "x-signature"
	headerTimestamp = "x-timestamp"
)

// timestampForm is Unix time in milliseconds; seconds are too short.
var timestampForm = regexp.MustCompile(`^[1-9][0-9]{12}$`)

// sign returns the signature of a request: hex of HMAC-SHA256 over its parts. body is
// the body as formatted by JSON.stringify.
// https://payment-document-6bc.pages.dev/signature-example
func sign(secret, timestamp, method, url, body string) string {
	return wire.HexMAC(secret, timestamp+"|"+method+"|"+url+"|"+body)
}

// fullURL returns the request's URL as the client wrote it, whether or not it came over
// a socket.
func fullURL(r *http.Request) string {
	scheme, host, path := r.URL.Scheme, r.URL.Host, r.RequestURI
	if scheme == "" {
		scheme = "http"
		if r.TLS != nil {
			scheme = "https"
		}
	}
	if host == "" {
		host = r.Host
	}
	if path == "" || path[0] != '/' {
		path = r.URL.RequestURI()
	}
	return scheme + "://" + host + path
}

// authenticate checks the key and the signature.
func (s *Simulator) authenticate(r *http.Request, body []byte, now time.Time) error {
	key, signature, timestamp := r.Header.Get(headerKey), r.Header.Get(headerSignature), r.Header.Get(headerTimestamp)
	switch {
	case key == "" || signature == "" || !timestampForm.MatchString(timestamp):
		return errUnauthorized
	case !hmac.Equal([]byte(key), []byte(APIKey)):
		return errForbidden
	case s.isOutside(timestamp, now):
		return errUnauthorized
	}
	signed, err := s.signedBody(body)
	if err != nil {
		return err
	}
	want := sign(SecretKey, timestamp, r.Method, fullURL(r), signed)
	if !hmac.Equal([]byte(signature), []byte(want)) {
		return errUnauthorized
	}
	return nil
}

// isOutside reports whether the timestamp is too far from now.
func (s *Simulator) isOutside(timestamp string, now time.Time) bool {
	window := s.behaviour.TimestampWindow
	if window == 0 {
		return false
	}
	milliseconds, err := strconv.ParseInt(timestamp, 10, 64)
	return err != nil || now.Sub(time.UnixMilli(milliseconds)).Abs() > window
}

// signedBody returns the text of the body that the signature covers. Whether the
// gateway signs the received bytes or formats the parsed body again is not documented,
// so both must be the same. No body is signed like an empty text.
func (s *Simulator) signedBody(body []byte) (string, error) {
	if len(body) == 0 {
		if s.behaviour.NoBodySignsNothing {
			return "", nil
		}
		return `""`, nil
	}
	printed, err := stringify(body)
	if err != nil {
		return "", invalid("The body is not valid JSON")
	}
	if printed != string(body) {
		return "", errUnauthorized
	}
	return printed, nil
}
