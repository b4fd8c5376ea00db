package hesabe

import (
	"errors"
	"strings"
)

// maxIDLength tells ids, of which five digits are known, from tokens, of which
// eighteen to twenty-three are.
const maxIDLength = 17

// ValidateID reports what cannot be the id of an invoice. It is a number; the
// much longer token is another thing.
func ValidateID(id string) error {
	if !isNumber(id) || id[0] == '0' || len(id) > maxIDLength {
		return errors.New("it is not a Hesabe invoice id, which is a number such as 14696 (not the token, which has 18 digits or more)")
	}
	return nil
}

// ValidateToken reports what cannot be the token of an invoice.
func ValidateToken(token string) error {
	if !isNumber(token) || len(token) > 64 {
		return errors.New("it is not the token of a Hesabe invoice, which has only digits, such as 3118174834216193364264")
	}
	return nil
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
