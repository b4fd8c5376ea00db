package hesabe

import (
	"errors"
	"strings"
)

// maxIDLength distinguishes ids, which have five digits so far, from tokens, which have
// 18 to 23.
const maxIDLength = 17

// ValidateID rejects what cannot be an invoice's id. An id is a number; a token is much
// longer.
func ValidateID(id string) error {
	if !isNumber(id) || id[0] == '0' || len(id) > maxIDLength {
		return errors.New("it is not a Hesabe invoice id, which is a number such as 14696 (not the token, which has 18 digits or more)")
	}
	return nil
}

// ValidateToken rejects what cannot be an invoice's token.
func ValidateToken(token string) error {
	if !isNumber(token) || len(token) > 64 {
		return errors.New("it is not the token of a Hesabe invoice, which has only digits, such as 3118174834216193364264")
	}
	return nil
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
