package hesabe

import (
	"errors"
	"fmt"
	"net/http"
)

// refusal is a response that rolls the transaction back.
type refusal struct{ httpResponse }

func (refusal) Error() string { return "hesabe sandbox: refused" }

// refuse rejects a request that was understood.
func (s *Simulator) refuse(message string, response any) error {
	return s.refuseWith(http.StatusUnprocessableEntity, message, response)
}

// refuseWith is refuse with an HTTP status that the Behaviour may replace.
func (s *Simulator) refuseWith(status int, message string, response any) error {
	if s.behaviour.RefusalStatus != 0 {
		status = s.behaviour.RefusalStatus
	}
	return refusal{httpResponse{status: status, body: reply{false, s.message(message), response}, sealed: true}}
}

// invalid returns the refusal for invalid fields, each with a list of texts.
func (s *Simulator) invalid(found complaints) error {
	const message = "The given data was invalid."
	member := ""
	switch s.behaviour.FieldErrors {
	case FieldErrorsInData:
		member = "data"
	case FieldErrorsInErrors:
		member = "errors"
	default:
		return s.refuse(message, found)
	}
	err := s.refuse(message, nil)
	var refused refusal
	if errors.As(err, &refused) {
		refused.body = map[string]any{"status": false, "message": s.message(message), member: found}
		return refused
	}
	return err
}

const textNotFound = "Request not found, Please verify the request data"

func plainMessage(status int, format string, args ...any) error {
	return refusal{httpResponse{status: status, body: map[string]string{"message": fmt.Sprintf(format, args...)}}}
}

func unauthorized() error {
	return refusal{httpResponse{status: http.StatusUnauthorized, body: reply{Message: "Invalid Signature."}}}
}

// badRequest is another response on the login page, besides a wrong password:
// https://developer.hesabe.com/docs/api/post-merchant-login .
func badRequest() error {
	return refusal{httpResponse{status: http.StatusNotFound, body: reply{Message: textNotFound}}}
}

func (s *Simulator) unknownInvoice() error {
	switch s.behaviour.NotFound {
	case NotFoundStatus:
		return badRequest()
	case NotFoundEncrypted:
		return s.refuseWith(http.StatusNotFound, textNotFound, nil)
	default:
		return plainMessage(http.StatusNotFound, textNotFound)
	}
}
