package gateway

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of error, for errors.Is.
var (
	// ErrNotFound: the gateway itself says that it has no such invoice.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized: the gateway rejected the credentials.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials are valid, but do not permit this.
	ErrForbidden = errors.New("forbidden")
	// ErrInvalid: the gateway rejected the request; Fields says why, if known.
	ErrInvalid = errors.New("invalid request")
	// ErrClosed: the state of the invoice does not allow this.
	ErrClosed = errors.New("invoice is closed")
	// ErrRateLimited: the gateway was still limiting the rate when the time ran out.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable: there was no response, or one that says that the gateway is down.
	ErrUnavailable = errors.New("gateway unavailable")
	// ErrUnexpected: the response is not a documented one, such as a proxy's page or a
	// redirect.
	ErrUnexpected = errors.New("unexpected response")
	// ErrOutcomeUnknown: a create whose response was lost. The invoice may exist.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// FieldError is a gateway's error about one field of a request.
type FieldError struct {
	// Field is the field's name on the wire.
	Field string
	// Message is the gateway's text.
	Message string
}

// Error is a request that failed.
type Error struct {
	// Gateway is the display name, such as "CryptoCloud".
	Gateway string
	// Operation is what was attempted, such as "cancel invoice".
	Operation string
	// Kind is one of the Err values of this package.
	Kind error
	// Status is the HTTP status; 0 if there was no response.
	Status int
	// Code is the gateway's own error code, if it has one.
	Code string
	// Message is the gateway's own text, or an excerpt of an unreadable response.
	Message string
	// Fields are the errors about single fields, if the gateway names them.
	Fields []FieldError
	// Err is the cause, such as a network error.
	Err error
	// Resendable is set with ErrOutcomeUnknown for a create that was probably not
	// processed, such as one that got a 429 from a proxy: it may be sent again once a
	// look-up has shown that there is no such invoice.
	Resendable bool
}

// Error says what was attempted and what came back. It contains no secret.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %v", e.Gateway, e.Operation, e.Kind)
	if detail := e.Detail(); detail != "" {
		b.WriteString(": ")
		b.WriteString(detail)
	}
	return b.String()
}

// Detail is what the gateway or the network reported: status, code and message.
func (e *Error) Detail() string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	for _, f := range e.Fields {
		parts = append(parts, f.Field+": "+f.Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap makes errors.Is match both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}
