package chaos

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// disguise lets a simulated gateway accept other secrets than its own: ones
// that stand nowhere else, with characters that texts of all kinds escape. It
// also learns the tokens that the gateway hands out.
type disguise struct {
	profile profile
	// secrets are the distinctive ones, by the setting's name.
	secrets map[string]string

	mu     sync.Mutex
	tokens map[string]bool
}

// distinctive are the secrets that replace the gateways' own. Those that travel
// in a header hold what a header may hold; Hesabe's keys have 32 and 16 bytes.
var distinctive = map[string]map[string]string{
	"cryptocloud": {"api_key": `ccZ"7<q&9>k/L+2=e\x5'N%w`},
	"hesabe": {
		"password":    `hsP"4<v&1>m/T+8=ü\y3'Q%r`,
		"access_code": `hsA"6<d&3>j/R+5=f\z8'W%n`,
		"secret_key":  `hsK"2<b&7>x/V+4=h\u9'E%tmC0pGs1L`,
		"iv_key":      `hsI"9<c&5>g/Y+6=`,
	},
	"xpays": {"api_key": `xpA"1<s&8>o/B+3=i\v2'D%l`, "secret_key": `xpS"5<f&2>u/H+7=é\w6'F%j`},
	"meum":  {"api_key": `mmK"3<r&6>t/J+9=a\n4'G%p`},
}

func newDisguise(p profile) *disguise {
	return &disguise{profile: p, secrets: distinctive[p.name], tokens: map[string]bool{}}
}

// environment has the settings of the gateway with the distinctive secrets.
func (d *disguise) environment(endpoint string) []string {
	p := d.profile
	p.credentials = map[string]string{}
	for name, value := range d.profile.credentials {
		p.credentials[name] = value
	}
	for name, value := range d.secrets {
		p.credentials[name] = value
	}
	return p.environment(endpoint)
}

// learned are the tokens that the gateway has handed out or has been shown.
func (d *disguise) learned() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for token := range d.tokens {
		all = append(all, token)
	}
	return all
}

func (d *disguise) learn(token string) {
	if token == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tokens[token] = true
}

// middleware translates between the provider and the gateway.
func (d *disguise) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch d.profile.name {
		case "cryptocloud":
			d.translateHeader(r, "Authorization", "Token ", "api_key")
		case "meum":
			d.translateHeader(r, "Authorization", "Bearer ", "api_key")
		case "xpays":
			d.translateXPays(r)
		case "hesabe":
			d.translateHesabe(next, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// translateHeader replaces the distinctive secret in a header. Another value is
// left alone, so that the gateway refuses it.
func (d *disguise) translateHeader(r *http.Request, header, prefix, setting string) {
	if r.Header.Get(header) == prefix+d.secrets[setting] {
		r.Header.Set(header, prefix+d.profile.credentials[setting])
	}
}

// translateXPays signs anew what is signed well.
func (d *disguise) translateXPays(r *http.Request) {
	body := readBody(r)
	signed := string(body)
	if signed == "" {
		signed = `""`
	}
	content := strings.Join([]string{r.Header.Get("x-timestamp"), r.Method, "http://" + r.Host + r.RequestURI, signed}, "|")
	if r.Header.Get("x-signature") == sign(d.secrets["secret_key"], content) {
		r.Header.Set("x-signature", sign(d.profile.credentials["secret_key"], content))
	}
	d.translateHeader(r, "x-api-key", "", "api_key")
}

func sign(key, content string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(content))
	return hex.EncodeToString(mac.Sum(nil))
}

// readBody reads the body and leaves it as it was.
func readBody(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	setBody(r, body)
	return body
}

func setBody(r *http.Request, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
}

// translateHesabe translates the password, the access code, and all that is
// encrypted, in both directions.
func (d *disguise) translateHesabe(next http.Handler, w http.ResponseWriter, r *http.Request) {
	theirs, ours := d.envelope(d.profile.credentials), d.envelope(d.secrets)
	d.translateHeader(r, "accessCode", "", "access_code")
	d.learn(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	body := readBody(r)
	switch {
	case faults.Of("hesabe", faults.Login).Matches(r):
		setBody(r, replaceMember(body, "password", d.secrets["password"], d.profile.credentials["password"]))
	case faults.Of("hesabe", faults.Refresh).Matches(r):
		d.learn(member(body, "refreshToken"))
	case r.Method == http.MethodGet:
		query := r.URL.Query()
		query.Set("data", ours.resealFor(theirs, query.Get("data")))
		r.URL.RawQuery = query.Encode()
	default:
		sealed := member(body, "data")
		setBody(r, replaceMember(body, "data", sealed, ours.resealFor(theirs, sealed)))
	}

	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	said := answer.Body.Bytes()
	if sealed := member(said, "response"); sealed != "" {
		said = replaceMember(said, "response", sealed, theirs.resealFor(ours, sealed))
	}
	var login struct {
		Response struct {
			Token struct {
				Access  string `json:"access_token"`
				Refresh string `json:"refresh_token"`
			} `json:"token"`
		} `json:"response"`
	}
	if json.Unmarshal(said, &login) == nil {
		d.learn(login.Response.Token.Access)
		d.learn(login.Response.Token.Refresh)
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(said)
}

// member is a member of a JSON object that is text; "" when there is none.
func member(body []byte, name string) string {
	var object map[string]json.RawMessage
	var text string
	if json.Unmarshal(body, &object) != nil || json.Unmarshal(object[name], &text) != nil {
		return ""
	}
	return text
}

// replaceMember replaces a member that is a text with an old value.
func replaceMember(body []byte, name, old, value string) []byte {
	var object map[string]json.RawMessage
	if member(body, name) != old || json.Unmarshal(body, &object) != nil {
		return body
	}
	object[name], _ = json.Marshal(value)
	replaced, _ := json.Marshal(object)
	return replaced
}

// envelope is Hesabe's encryption: AES-256-CBC with a fixed vector, as
// hexadecimal text.
type envelope struct {
	block cipher.Block
	iv    []byte
}

func (d *disguise) envelope(settings map[string]string) envelope {
	block, err := aes.NewCipher([]byte(settings["secret_key"]))
	if err != nil {
		panic(fmt.Sprintf("the key of %s: %v", d.profile.name, err))
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
