package transport

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// attemptError is the error of an attempt without a response.
type attemptError struct{ cause error }

func (e *attemptError) Error() string { return explainNetwork(e.cause) }
func (e *attemptError) Unwrap() error { return e.cause }

// explain describes what went wrong: Go's own errors quote the response, or refer to
// Go.
func explain(cause error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(cause, context.Canceled):
		return "it was interrupted"
	case errors.Is(cause, context.DeadlineExceeded):
		return "no complete response came in time"
	case errors.As(cause, &syntax), errors.As(cause, &kind):
		return "it is not the documented JSON"
	default:
		return cause.Error()
	}
}

// explainNetwork describes an attempt without a response.
func explainNetwork(cause error) string {
	var timeout net.Error
	var dns *net.DNSError
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.Is(cause, errTooLarge):
		return cause.Error()
	case errors.As(cause, &timeout) && timeout.Timeout(), strings.HasSuffix(cause.Error(), "request canceled"):
		return "no complete response came in time"
	case errors.Is(cause, context.Canceled):
		return "it was interrupted"
	case errors.As(cause, &dns):
		return "the host " + dns.Name + " is not known"
	case errors.As(cause, &certificate):
		return "the server's certificate is not accepted: " + certificateProblem(certificate)
	case errors.As(cause, &noTLS), strings.Contains(cause.Error(), "gave HTTP response to HTTPS client"):
		return "the server does not speak https"
	case errors.Is(cause, syscall.ECONNREFUSED):
		return refusedBy(cause)
	case errors.As(cause, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		return "no connection to " + address(op)
	default:
		return explainResponse(cause)
	}
}

// explainResponse describes a response that net/http cannot read.
func explainResponse(cause error) string {
	switch text := cause.Error(); {
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF), errors.Is(cause, syscall.ECONNRESET), errors.Is(cause, syscall.EPIPE),
		errors.Is(cause, net.ErrClosed), strings.Contains(text, "server closed idle connection"):
		if errors.Is(cause, errTruncated) {
			return "the response broke off: the connection was closed in the middle of it"
		}
		return "the connection was closed before a response came"
	case errors.Is(cause, gzip.ErrHeader), errors.Is(cause, gzip.ErrChecksum):
		return "the response cannot be decompressed"
	case strings.Contains(text, "headers exceeded"), strings.Contains(text, "too many 1xx"):
		return "the response headers are too large"
	case errors.Is(cause, http.ErrSchemeMismatch), strings.Contains(text, "malformed"), strings.Contains(text, "bad "), strings.Contains(text, "invalid"),
		strings.Contains(text, "unsupported"):
		return "what came is not an HTTP response"
	default:
		return "the connection failed"
	}
}

func refusedBy(cause error) string {
	var op *net.OpError
	if errors.As(cause, &op) && op.Addr != nil {
		return "connection refused by " + address(op)
	}
	return "connection refused"
}

func address(op *net.OpError) string {
	if op.Addr == nil {
		return "the server"
	}
	return op.Addr.String()
}

func certificateProblem(cause *tls.CertificateVerificationError) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(cause, &authority):
		return "it is signed by an unknown authority"
	case errors.As(cause, &name):
		return "it is not for the host " + name.Host
	case errors.As(cause, &invalid) && invalid.Reason == x509.Expired:
		return "it has expired, or is not valid yet"
	default:
		return "it is not valid"
	}
}

// withoutURL removes the address that net/http adds to its errors, because a query may
// contain something that must not be in an error.
func withoutURL(err error) error {
	var wrapped *url.Error
	if !errors.As(err, &wrapped) {
		return err
	}
	return wrapped.Err
}
