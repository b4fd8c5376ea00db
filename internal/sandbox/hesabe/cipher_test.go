package hesabe

import (
	"strings"
	"testing"
)

// The messages that Hesabe publishes, and the text and padding inside.
var published = []struct {
	name      string
	plain     string
	blockSize int
	sealed    string
}{
	{
		// https://developer.hesabe.com/docs/api/put-quick-invoice-cancel
		name: "cancel request", blockSize: 16,
		plain:  `{"merchantCode":"842217","statusId":"3"}`,
		sealed: "0e7898bd7464d0c402fe8a949d9cbf9b5f8c59ee58f681aecdd90bd6b0b506de11a11b69c0a658c7a9948425daa7261a",
	},
	{
		name: "cancel request padded as the official kits do", blockSize: 32,
		plain:  `{"merchantCode":"842217","statusId":"3"}`,
		sealed: "0e7898bd7464d0c402fe8a949d9cbf9b5f8c59ee58f681aecdd90bd6b0b506decbce0c0645ebc2f2ad9b4f62b0fc16af0eca8140d848262891bd256724ad179f",
	},
	{
		// The same page: the ciphertext says "successful", its transcript
		// "successfully".
		name: "cancel response", blockSize: 32,
		plain:  `{"status":true,"message":"Invoice status update successful","response":null}`,
		sealed: "60a8f6241932227b840a9f5e36987f4d894e5813e1ec714a9f1093832ea77937b298e2fd12ae31865c8949b356931c0fd6c88f5b188f1e01857538b4431055a88813ef3ef595ff271d7ac37f0338f9a4689fd9bec344551d7b4c0c9a382f99d9",
	},
	{
		// https://developer.hesabe.com/docs/api/get-quick-invoice-details
		name: "details request", blockSize: 16,
		plain:  `{"merchantCode":"842217"}`,
		sealed: "0e7898bd7464d0c402fe8a949d9cbf9b826ccb9b83b56fa003373275f1947a65",
	},
	{
		// https://developer.hesabe.com/docs/api/get-bulk-invoice-list
		name: "bulk list request", blockSize: 16,
		plain:  `{"merchantCode":"842217","type":"0"}`,
		sealed: "0e7898bd7464d0c402fe8a949d9cbf9b06b4e06923fbb2926f477dd71c5cec76ef9626adfbff3bfc8b5d729b6bd125ef",
	},
}

func TestEnvelopeMatchesThePublishedMessages(t *testing.T) {
	e := newEnvelope(SecretKey, IVKey)
	for _, m := range published {
		t.Run(m.name, func(t *testing.T) {
			if got := e.seal([]byte(m.plain), m.blockSize); got != m.sealed {
				t.Errorf("seal:\n got %s\nwant %s", got, m.sealed)
			}
			got, err := e.open(m.sealed)
			if err != nil || string(got) != m.plain {
				t.Errorf("open: %q, %v; want %q", got, err, m.plain)
			}
		})
	}
}

func TestEnvelopeOpensEveryPadding(t *testing.T) {
	e := newEnvelope(SecretKey, IVKey)
	for size := range 97 {
		for _, blockSize := range []int{16, 32} {
			plain := strings.Repeat("é", size/2) + strings.Repeat("x", size%2)
			sealed := e.seal([]byte(plain), blockSize)
			if len(sealed)%(2*blockSize) != 0 {
				t.Fatalf("%d bytes sealed to %d, no multiple of %d", size, len(sealed)/2, blockSize)
			}
			if got, err := e.open(sealed); err != nil || string(got) != plain {
				t.Fatalf("%d bytes in blocks of %d: %q, %v", size, blockSize, got, err)
			}
		}
	}
}

func TestEnvelopeRefusesWhatIsNoMessage(t *testing.T) {
	e := newEnvelope(SecretKey, IVKey)
	other := newEnvelope(strings.Repeat("k", 32), IVKey)
	unpadded := func(plain string) string {
		return e.seal([]byte(plain), 16)[:2*len(plain)] // drops the block of padding
	}
	for name, sealed := range map[string]string{
		"empty":                "",
		"not hex":              "zz",
		"half a byte":          "0e7",
		"half a block":         "0e7898bd7464d0c4",
		"another key":          other.seal([]byte(`{"merchantCode":"842217"}`), 16),
		"padding of none":      unpadded("0123456789abcde\x00"),
		"padding of 33":        unpadded(strings.Repeat("!", 48)),
		"padding past the end": unpadded("0123456789abcde\x11"),
		"uneven padding":       unpadded("0123456789abc\x01\x03\x03"),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := e.open(sealed); err == nil {
				t.Errorf("opened to %q", got)
			}
		})
	}
}
