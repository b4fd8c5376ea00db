package hesabe

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
)

// maxPadding is the block size to which Hesabe pads its responses. Requests may be
// padded to this or to the 16 bytes of AES: the official kits do both.
const maxPadding = 32

var errUndecipherable = errors.New("hesabe sandbox: not a message under this key")

// envelope encrypts like Hesabe: AES-256-CBC, with the bytes of the texts as key and
// IV, the same IV for every message, as lower-case hex.
// https://developer.hesabe.com/docs/test-credentials has a set of keys.
type envelope struct {
	block cipher.Block
	iv    []byte
}

// newEnvelope takes a key of 32 bytes and an IV of 16; it panics on others, because
// both are constants of this package.
func newEnvelope(key, iv string) *envelope {
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		panic(err)
	}
	if len(iv) != block.BlockSize() {
		panic("hesabe sandbox: the IV must have 16 bytes")
	}
	return &envelope{block: block, iv: []byte(iv)}
}

// seal pads plain to a multiple of blockSize by PKCS #7, and encrypts it.
func (e *envelope) seal(plain []byte, blockSize int) string {
	pad := blockSize - len(plain)%blockSize
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...) //nolint:gosec // at most blockSize, 32
	cipher.NewCBCEncrypter(e.block, e.iv).CryptBlocks(text, text)
	return hex.EncodeToString(text)
}

// open reverses seal for any padding of 1 to 32 bytes.
func (e *envelope) open(sealed string) ([]byte, error) {
	text, err := hex.DecodeString(sealed)
	if err != nil || len(text) == 0 || len(text)%e.block.BlockSize() != 0 {
		return nil, errUndecipherable
	}
	cipher.NewCBCDecrypter(e.block, e.iv).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad < 1 || pad > maxPadding || pad > len(text) {
		return nil, errUndecipherable
	}
	plain, padding := text[:len(text)-pad], text[len(text)-pad:]
	if !bytes.Equal(padding, bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, errUndecipherable
	}
	return plain, nil
}
