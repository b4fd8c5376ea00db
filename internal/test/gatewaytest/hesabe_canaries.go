package gatewaytest

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
)

// translateHesabe translates the password, the access code, and all that is
// encrypted, in both directions.
func translateHesabe(next http.Handler, own, canaries map[string]string, learn func(string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gatewayEnvelope, canaryEnvelope := newEnvelope(own), newEnvelope(canaries)
		replaceHeader(r, "accessCode", canaries["access_code"], own["access_code"])
		learn(bearer(r))
		body := readBody(r)
		switch {
		case r.URL.Path == "/api/v1/login":
			setBody(r, replaceMember(body, "password", canaries["password"], own["password"]))
		case r.URL.Path == "/api/v1/token-refresh":
			learn(member(body, "refreshToken"))
		case r.Method == http.MethodGet:
			query := r.URL.Query()
			query.Set("data", canaryEnvelope.resealFor(gatewayEnvelope, query.Get("data")))
			r.URL.RawQuery = query.Encode()
		default:
			sealed := member(body, "data")
			setBody(r, replaceMember(body, "data", sealed, canaryEnvelope.resealFor(gatewayEnvelope, sealed)))
		}

		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		translated := recorder.Body.Bytes()
		if sealed := member(translated, "response"); sealed != "" {
			translated = replaceMember(translated, "response", sealed, gatewayEnvelope.resealFor(canaryEnvelope, sealed))
		}
		var login struct {
			Response struct {
				Token struct {
					Access  string `json:"access_token"`
					Refresh string `json:"refresh_token"`
				} `json:"token"`
			} `json:"response"`
		}
		if json.Unmarshal(translated, &login) == nil {
			learn(login.Response.Token.Access)
			learn(login.Response.Token.Refresh)
		}
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(translated)
	})
}

// envelope is Hesabe's encryption: AES-256-CBC with a fixed vector, as
// hexadecimal text.
type envelope struct {
	block cipher.Block
	iv    []byte
}

func newEnvelope(settings map[string]string) envelope {
	block, err := aes.NewCipher([]byte(settings["secret_key"]))
	if err != nil {
		panic("hesabe: " + err.Error())
	}
	return envelope{block, []byte(settings["iv_key"])}
}

// resealFor decrypts and encrypts for another one. The padding stays. What
// cannot be decrypted stays as it is.
func (e envelope) resealFor(other envelope, sealed string) string {
	raw, err := hex.DecodeString(sealed)
	if err != nil || len(raw) == 0 || len(raw)%aes.BlockSize != 0 {
		return sealed
	}
	cipher.NewCBCDecrypter(e.block, e.iv).CryptBlocks(raw, raw)
	cipher.NewCBCEncrypter(other.block, other.iv).CryptBlocks(raw, raw)
	return hex.EncodeToString(raw)
}
