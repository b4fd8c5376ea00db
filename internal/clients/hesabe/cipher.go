package hesabe

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
)

const (
	keyLength = 32 // AES-256
	ivLength  = aes.BlockSize

	// maxPadding is the block size to which Hesabe pads its responses. Its
	// documentation pads requests to 16 bytes.
	maxPadding = 32
)

// errCipher gives no detail: the bytes may contain a secret.
var errCipher = errors.New("it cannot be decrypted with secret_key and iv_key")

// envelope encrypts payloads and decrypts responses: AES-256-CBC with one fixed IV, as
// lower-case hexadecimal. https://developer.hesabe.com/docs/test-credentials has a set
// of keys.
type envelope struct {
	block cipher.Block
	iv    []byte
	// mask masks secrets in decrypted text; nil does nothing.
	mask func([]byte) []byte
}

func newEnvelope(secretKey, ivKey string) (*envelope, error) {
	if len(secretKey) != keyLength {
		return nil, fmt.Errorf("secret_key must have %d bytes, but has %d", keyLength, len(secretKey))
	}
	if len(ivKey) != ivLength {
		return nil, fmt.Errorf("iv_key must have %d bytes, but has %d", ivLength, len(ivKey))
	}
	block, err := aes.NewCipher([]byte(secretKey))
	if err != nil {
		return nil, fmt.Errorf("secret_key: %w", err)
	}
	return &envelope{block: block, iv: []byte(ivKey)}, nil
}

// seal encrypts text with PKCS #7 padding.
func (e *envelope) seal(plain []byte) string {
	missing := aes.BlockSize - len(plain)%aes.BlockSize
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(missing)}, missing)...)
	cipher.NewCBCEncrypter(e.block, e.iv).CryptBlocks(text, text)
	return hex.EncodeToString(text)
}

// open decrypts text from seal or from Hesabe.
func (e *envelope) open(sealed string) ([]byte, error) {
	text, err := hex.DecodeString(sealed)
	if err != nil || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return nil, errCipher
	}
	cipher.NewCBCDecrypter(e.block, e.iv).CryptBlocks(text, text)
	padding := int(text[len(text)-1])
	if padding < 1 || padding > maxPadding || padding > len(text) {
		return nil, errCipher
	}
	end := len(text) - padding
	for _, char := range text[end:] {
		if int(char) != padding {
			return nil, errCipher
		}
	}
	return text[:end], nil
}

// isSealed reports whether text looks like the output of seal.
func isSealed(text []byte) bool {
	if len(text) == 0 || len(text)%2 != 0 {
		return false
	}
	for _, char := range text {
		if (char < '0' || char > '9') && (char < 'a' || char > 'f') && (char < 'A' || char > 'F') {
			return false
		}
	}
	return true
}
