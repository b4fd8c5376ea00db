package hesabe

import (
	"bytes"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func published(t *testing.T) *envelope {
	t.Helper()
	e, err := newEnvelope(demo.SecretKey, demo.IVKey)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The ciphertexts are published, under the published keys.
// https://developer.hesabe.com/docs/api/put-quick-invoice-cancel
func TestPublishedRequests(t *testing.T) {
	e := published(t)
	for plain, want := range map[string]string{
		`{"merchantCode":"842217","statusId":"3"}`: "0e7898bd7464d0c402fe8a949d9cbf9b5f8c59ee58f681aecdd90bd6b0b506de11a11b69c0a658c7a9948425daa7261a",
		`{"merchantCode":"842217"}`:                "0e7898bd7464d0c402fe8a949d9cbf9b826ccb9b83b56fa003373275f1947a65",
		`{"merchantCode":"842217","type":"0"}`:     "0e7898bd7464d0c402fe8a949d9cbf9b06b4e06923fbb2926f477dd71c5cec76ef9626adfbff3bfc8b5d729b6bd125ef",
	} {
		if got := e.seal([]byte(plain)); got != want {
			t.Errorf("%s: %s", plain, got)
		}
		if got, err := e.open(want); err != nil || string(got) != plain {
			t.Errorf("%s: %q, %v", plain, got, err)
		}
	}
}

func TestPublishedResponses(t *testing.T) {
	e := published(t)
	for plain, sealed := range map[string]string{
		// 20 bytes of padding
		`{"status":true,"message":"Invoice status update successful","response":null}`: "60a8f6241932227b840a9f5e36987f4d894e5813e1ec714a9f1093832ea77937b298e2fd12ae31865c8949b356931c0fd6c88f5b188f1e01857538b4431055a88813ef3ef595ff271d7ac37f0338f9a4689fd9bec344551d7b4c0c9a382f99d9",
		// 24 bytes of padding
		`{"merchantCode":"842217","statusId":"3"}`: "0e7898bd7464d0c402fe8a949d9cbf9b5f8c59ee58f681aecdd90bd6b0b506decbce0c0645ebc2f2ad9b4f62b0fc16af0eca8140d848262891bd256724ad179f",
	} {
		if got, err := e.open(sealed); err != nil || string(got) != plain {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := e.open(strings.ToUpper(sealed)); err != nil || string(got) != plain {
			t.Errorf("in capitals: %q, %v", got, err)
		}
	}
}

func TestEveryLength(t *testing.T) {
	e := published(t)
	for length := range 100 {
		plain := strings.Repeat("ك", length/2) + strings.Repeat("x", length%2)
		for _, sealed := range []string{e.seal([]byte(plain)), seal32(plain)} {
			if got, err := e.open(sealed); err != nil || string(got) != plain {
				t.Errorf("%d bytes: %q, %v", len(plain), got, err)
			}
		}
	}
}

func TestBadCiphertext(t *testing.T) {
	e := published(t)
	text := bytes.Repeat([]byte("x"), 64)
	padded := func(bytes ...byte) string {
		whole := append([]byte(nil), text...)
		copy(whole[len(whole)-len(bytes):], bytes)
		return encrypt(whole)
	}
	for name, sealed := range map[string]string{
		"nothing":           "",
		"odd digits":        "0e7",
		"no hex":            strings.Repeat("zz", 16),
		"part of a block":   "0e7898bd7464d0c402fe8a949d9cbf",
		"padding of 0":      padded(0),
		"padding of 33":     padded(bytes.Repeat([]byte{33}, 33)...),
		"padding of 255":    padded(255),
		"uneven padding":    padded(1, 3, 3),
		"uneven at 32":      padded(append([]byte{31}, bytes.Repeat([]byte{32}, 31)...)...),
		"longer than it is": encrypt(bytes.Repeat([]byte{17}, 16)),
	} {
		if got, err := e.open(sealed); err == nil {
			t.Errorf("%s: %q", name, got)
		} else if strings.Contains(err.Error(), "xx") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysOfTheWrongLength(t *testing.T) {
	for name, test := range map[string]struct {
		creds Credentials
		want  string
	}{
		"short key": {Credentials{SecretKey: demo.SecretKey[1:], IVKey: demo.IVKey}, "secret_key must have 32 bytes, but has 31"},
		"long key":  {Credentials{SecretKey: demo.SecretKey + "\n", IVKey: demo.IVKey}, "secret_key must have 32 bytes, but has 33"},
		"no key":    {Credentials{IVKey: demo.IVKey}, "secret_key must have 32 bytes, but has 0"},
		"umlauts":   {Credentials{SecretKey: strings.Repeat("ü", 32), IVKey: demo.IVKey}, "secret_key must have 32 bytes, but has 64"},
		"short IV":  {Credentials{SecretKey: demo.SecretKey, IVKey: demo.IVKey[1:]}, "iv_key must have 16 bytes, but has 15"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(test.creds, transport.Config{})
			if err == nil || err.Error() != test.want || c != nil {
				t.Errorf("%v, %v", c, err)
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("0e7898bd7464d0c402fe8a949d9cbf9b826ccb9b83b56fa003373275f1947a65")
	e, err := newEnvelope(demo.SecretKey, demo.IVKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, sealed string) {
		if plain, err := e.open(sealed); err == nil && len(plain) >= len(sealed)/2 {
			t.Errorf("no padding: %q", sealed)
		}
	})
}
