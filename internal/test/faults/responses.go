package faults

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// ReplaceResponse is a fault with a response of its own, before or after the gateway has
// processed the request.
func ReplaceResponse(name string, processed bool, status int, contentType, body string, header ...string) Fault {
	return beforeOrAfter(name, processed, respond(status, contentType, body, header...))
}

// RespondWith is a fault with a handler in place of the gateway.
func RespondWith(name string, h http.HandlerFunc) Fault {
	return before(name, func(x *exchange) { h(x.w, x.r) })
}

func beforeOrAfter(name string, processed bool, s effect) Fault {
	if processed {
		return after(name, s)
	}
	return before(name, s)
}

// respond writes a response. header has names and values in turn.
func respond(status int, contentType, body string, header ...string) effect {
	return func(x *exchange) {
		x.w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			x.w.Header().Set(header[i], header[i+1])
		}
		x.w.WriteHeader(status)
		_, _ = io.WriteString(x.w, body)
	}
}

const (
	typeHTML = "text/html; charset=utf-8"
	typeJSON = "application/json"
)

// page is an error page of a proxy, portal or load balancer.
func page(title string) string {
	return "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"
}

// replacements are responses in place of the gateway's. Each may come before the
// gateway has seen the request, or after it has processed it.
var replacements = []struct {
	name   string
	effect effect
}{
	{"500 JSON", respond(http.StatusInternalServerError, typeJSON, `{"message":"Internal server error occurred","error":"internal"}`)},
	{"502 HTML", respond(http.StatusBadGateway, typeHTML, page("502 Bad Gateway"))},
	{"200 HTML", respond(http.StatusOK, typeHTML, page("Welcome to the guest network"))},
	{"200 garbage", respond(http.StatusOK, typeJSON, "\x00\xff\xfe{\"data\":[[[\x1b[31m }}}")},
	{"200 empty", respond(http.StatusOK, typeJSON, "")},
	{"200 wrong shape", respond(http.StatusOK, typeJSON, `{"status":["success"],"result":{"uuid":7},"data":"text","response":[true],"id":{}}`)},
	{"200 other JSON", respond(http.StatusOK, typeJSON, `[{"ok":true},null,1e400]`)},
	{"endless body", endless},
}

// foreignResponses do not come from the gateway, which has not seen the request: none of
// them means that an invoice does not exist.
var foreignResponses = []Fault{
	ReplaceResponse("404 HTML", false, http.StatusNotFound, typeHTML, page("404 Not Found")),
	ReplaceResponse("404 other JSON", false, http.StatusNotFound, typeJSON, `{"code":404,"reason":"no healthy upstream"}`),
	ReplaceResponse("401 HTML", false, http.StatusUnauthorized, typeHTML, page("401 Authorization Required")),
	ReplaceResponse("403 HTML", false, http.StatusForbidden, typeHTML, page("403 Forbidden")),
}

// TooManyAfter is 429 in the gateway's own form, with a Retry-After unless that is
// empty. CryptoCloud documents none. A 429 in another form says nothing about the
// gateway: see pages.
func TooManyAfter(name, retryAfter string) Fault {
	return before(name, func(x *exchange) { respondTooMany(x, retryAfter) })
}

func respondTooMany(x *exchange, retryAfter string) {
	specimen, _ := gatewaytest.ForRequest(x.r.Method, x.r.URL.Path)
	if retryAfter != "" {
		x.w.Header().Set("Retry-After", retryAfter)
	}
	respond(http.StatusTooManyRequests, typeJSON, specimen.TooMany)(x)
}

// Rate limits. The date is two seconds ahead when the fault is injected.
var (
	TooMany       = TooManyAfter("429", "")
	TooManyWait   = TooManyAfter("429, wait 1 s", "1")
	TooManyAbsurd = TooManyAfter("429, wait a day", "86400")
	TooManyDate   = before("429, wait for a date", func(x *exchange) {
		respondTooMany(x, time.Now().Add(2*time.Second).UTC().Format(http.TimeFormat))
	})
)

// IsRateLimit reports a fault that is HTTP 429.
func IsRateLimit(f Fault) bool { return strings.HasPrefix(f.Name, "429") }

// IsTransient reports a fault after which a client may try again at once, or
// after a short wait.
func IsTransient(f Fault) bool {
	if IsRateLimit(f) {
		return f.Name != TooManyAbsurd.Name
	}
	for _, name := range []string{"close", "hang", "truncated", "slow", "500", "502"} {
		if strings.HasPrefix(f.Name, name) {
			return true
		}
	}
	return false
}

// endlessLimit bounds what an endless body sends to a client that takes it all.
const endlessLimit = 1 << 30

// endless is a response that starts well and never ends.
func endless(x *exchange) {
	x.w.Header().Set("Content-Type", typeJSON)
	x.w.WriteHeader(http.StatusOK)
	pour(x, `{"status":"success","message":"`, strings.Repeat("a", 64<<10))
	panic(http.ErrAbortHandler)
}

// pour writes a beginning and then a chunk again and again, until the client
// has gone, the faults are over, or the limit is reached.
func pour(x *exchange, beginning, chunk string) {
	_, err := io.WriteString(x.w, beginning)
	for sent := 0; err == nil && sent < endlessLimit; sent += len(chunk) {
		select {
		case <-x.over:
			return
		case <-x.r.Context().Done():
			return
		default:
			_, err = io.WriteString(x.w, chunk)
		}
	}
}

// Huge sends a body of this size, announced by its Content-Length or not.
func Huge(size int, announced bool) Fault {
	return before("huge body", func(x *exchange) {
		x.w.Header().Set("Content-Type", typeJSON)
		if announced {
			x.w.Header().Set("Content-Length", strconv.Itoa(size))
		}
		x.w.WriteHeader(http.StatusOK)
		chunk := strings.Repeat("b", 64<<10)
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := io.WriteString(x.w, chunk[:min(len(chunk), size-sent)]); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// GzipBomb sends a small gzip stream that unpacks to this size.
func GzipBomb(size int) Fault {
	return before("gzip bomb", func(x *exchange) {
		x.w.Header().Set("Content-Type", typeJSON)
		x.w.Header().Set("Content-Encoding", "gzip")
		x.w.WriteHeader(http.StatusOK)
		packed := gzip.NewWriter(x.w)
		chunk := strings.Repeat(" ", 64<<10)
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := io.WriteString(packed, chunk); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
		_ = packed.Close()
	})
}

// Redirect sends a 307, after which a client would repeat the request at another host.
func Redirect(to string, processed bool) Fault {
	return beforeOrAfter("redirect", processed, func(x *exchange) {
		http.Redirect(x.w, x.r, to+x.r.URL.RequestURI(), http.StatusTemporaryRedirect)
	})
}

// SeeOther sends a 303, as servers do after they have processed a form.
func SeeOther(to string, processed bool) Fault {
	return beforeOrAfter("see other", processed, func(x *exchange) {
		http.Redirect(x.w, x.r, to+x.r.URL.RequestURI(), http.StatusSeeOther)
	})
}

// Echo sends an HTML page that quotes the request: the URL, all headers and
// the body, as debugging pages do.
func Echo(status int) Fault {
	return before("echo", func(x *exchange) {
		var quoted strings.Builder
		quoted.WriteString(x.r.Method + " " + x.r.URL.String() + "\n")
		_ = x.r.Header.Write(&quoted)
		body, _ := io.ReadAll(x.r.Body)
		quoted.Write(body)
		respond(status, typeHTML, quoted.String())(x)
	})
}

// All returns the faults that any operation may get. Redirects lead to the honeypot.
func All(honeypot string) []Fault {
	all := []Fault{CloseBefore, CloseAfter, HangBefore, HangAfter, Truncated, Slow}
	for _, r := range replacements {
		all = append(all, before(r.name, r.effect), after(r.name, r.effect))
	}
	for _, processed := range []bool{false, true} {
		all = append(all, Redirect(honeypot, processed), SeeOther(honeypot, processed))
	}
	all = append(append(all, foreignResponses...), edgeFaults()...)
	return append(all, TooMany, TooManyWait, TooManyAbsurd, TooManyDate)
}
