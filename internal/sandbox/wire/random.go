package wire

import (
	"crypto/rand"
	"encoding/hex"
	"math/big"
)

// Alphabets for RandomText.
const (
	Digits     = "0123456789"
	UpperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	LowerHex   = "0123456789abcdef"
)

// RandomText returns n random characters of alphabet, for ids and tokens.
func RandomText(alphabet string, n int) string {
	text := make([]byte, n)
	size := big.NewInt(int64(len(alphabet)))
	for i := range text {
		index, _ := rand.Int(rand.Reader, size) // crypto/rand crashes the process instead of failing
		text[i] = alphabet[index.Int64()]
	}
	return string(text)
}

// UUID returns a random UUID (version 4) in lower case.
func UUID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
